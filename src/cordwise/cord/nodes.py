"""Nodes of surviving fibres: what blocks conduction for weeks, and how it mends.

A fibre that survives has nodes torn by the blow, and conducts when none of them is broken.  If a mean number of
broken nodes is spread over fibres at random, the share that conducts is the exponential of minus that number.  Each
node mends by itself at a rate that the cytokine mix slows; the field counts *days of repair*, so that patients with
nodes of their own read their own block off the same tissue.
"""

import numpy as np

from cordwise.cord.engine.compiled import scalar
from cordwise.cord.parameters import TissueParameters


@scalar
def node_repair_rates(cytokine: float, cells: float, factor: float, p: TissueParameters) -> tuple[float, float]:
    """Return production and loss of days of node repair: a day each day, fewer while the cord is inflamed."""
    return factor * (1 + p.cell_nodes * cells) / (1 + cytokine / p.node_cytokine_half), 0.0


@scalar
def open_channels(day: float, p: TissueParameters) -> float:
    """Return the share of bared potassium channels that is still open to a blocker some days after the injury."""
    return np.exp(-day / p.node_seal_days)


@scalar
def bridged(blocker: float, channels: float, p: TissueParameters) -> float:
    """Return the share of broken nodes that a blocker of potassium channels bridges, while channels are open."""
    return p.potassium_channel_share * blocker * channels


@scalar
def broken_left(repair_days: float, bridged_share: float, p: TissueParameters) -> float:
    """Return the share of the broken nodes that still block, after days of repair and with a share bridged."""
    healing = p.node_floor + (1 - p.node_floor) * np.exp(-p.node_healing * repair_days / p.clock)
    return healing * (1 - bridged_share)


@scalar
def share_conducting(injury: float, broken: float, p: TissueParameters) -> float:
    """Return the share of surviving fibres that conduct, where the share `broken` of the torn nodes is left."""
    return np.exp(-p.node_tear * injury * broken)
