"""The cord: injury, inflammation, scar and repair along one dimension, with and without a cell product."""
