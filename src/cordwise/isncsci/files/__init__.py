"""Files of examinations: read with faults told by the cell, classified in a stream, and written."""
