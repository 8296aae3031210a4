"""What every chart shares: theme, labels, shapes of hand-made drawings, and the way from a chart to SVG or PNG."""
