"""Reports: one self-contained HTML file from a result, and single pictures."""

from cordwise.report.html import render_report
from cordwise.report.pictures import patient_picture_png, readme_picture_svg

__all__ = ["patient_picture_png", "readme_picture_svg", "render_report"]
