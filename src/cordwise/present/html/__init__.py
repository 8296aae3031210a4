"""One self-contained HTML file: page, sections, tables, closing sections."""
