"""Reports: one self-contained HTML file from a result, and single pictures."""

from cordwise.report.html import render_report
from cordwise.report.pictures import patient_picture_png, readme_picture_svg, sensitivity_picture_png

__all__ = ["patient_picture_png", "readme_picture_svg", "render_report", "sensitivity_picture_png"]
