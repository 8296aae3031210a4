"""What the result says about how much of the animal effect carries over: prior against posterior."""

from typing import Any

import altair as alt

from cordwise.appraisal.translation import Translation
from cordwise.base.codec import to_plain
from cordwise.present.charts.theme import BAND, PAGE_WIDTH, WITH, WITHOUT, Rows, Spec, data, heading, themed


def prior_and_posterior(translation: Translation, *, title: str, subtitle: str = "") -> Spec:
    """Return the densities of `translation` before and after the study, labelled on the curves."""
    rows = to_plain(translation.density)
    top = 1.15 * max(max(row["prior"], row["posterior"]) for row in rows)
    x = alt.X("translation:Q", title="Translation: share of the animal effect that carries over to people")
    x = x.scale(domain=[0, 1], nice=False).axis(tickCount=5, format=".1f")
    y = alt.Y("prior:Q", title="Density").scale(domain=[0, top], nice=False).axis(tickCount=4)
    base = alt.Chart(data(rows)).encode(x=x)
    prior = base.mark_area(color=BAND, line={"color": WITHOUT, "strokeWidth": 1.5}, opacity=0.75).encode(y=y)
    posterior = base.mark_line(color=WITH, strokeWidth=2.5).encode(y="posterior:Q")
    layers = prior + posterior + _label(label_rows(rows))
    return themed(layers.properties(width=PAGE_WIDTH - 80, height=210, title=heading(title, subtitle)))


def label_rows(rows: Rows) -> Rows:
    """Return the two names, each placed where its curve stands highest above the other."""
    names = (("posterior", "prior", "after this study"), ("prior", "posterior", "before (prior)"))
    return [_highest_above(rows, own, other, label) for own, other, label in names]


def _highest_above(rows: Rows, own: str, other: str, label: str) -> dict[str, Any]:
    """Return the label of curve `own`, at the place where it is most above curve `other`."""
    inner = rows[len(rows) // 12 : -len(rows) // 12] or rows
    place = max(inner, key=lambda row: row[own] - row[other])
    return {"translation": place["translation"], "density": place[own], "label": label, "curve": own}


def _label(rows: Rows) -> alt.Chart:
    """Return the names of the curves in their own colours."""
    colours = alt.Scale(domain=["prior", "posterior"], range=[WITHOUT, WITH])
    return (
        alt.Chart(data(rows))
        .mark_text(align="left", baseline="bottom", dx=8, dy=-4, fontWeight=600, fontSize=13)
        .encode(
            x="translation:Q", y="density:Q", text="label:N", color=alt.Color("curve:N", scale=colours, legend=None)
        )
    )
