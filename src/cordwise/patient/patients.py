"""Simulated patients: everything about a person that does not change from visit to visit, drawn from the population."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from math import sqrt

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.special import expit, logit, ndtr, ndtri

from cordwise.base.batches import of_rows
from cordwise.base.compiling import njit
from cordwise.base.randomness import Streams
from cordwise.cord.geometry import cord_geometry
from cordwise.cord.patient_kinetics import KINETICS
from cordwise.patient.parameters import AnyParameters, along

TRACTS = ("corticospinal", "other_descending", "dorsal_column", "spinothalamic")
SACRAL_FINDINGS = 4
_SIDES, _MUSCLES, _MODALITIES, _DERMATOMES = 2, 10, 2, 28
_SIGN_OF_SIDE = np.array([1.0, -1.0])
_UNIFORM_SEGMENTS = ("T3", "T12")  # first and last segment of the evenly spread thoracic lesions
_THORACOLUMBAR_FROM = "T11"  # the thoracolumbar shift applies below the end of this segment


class Draw(IntEnum):
    """Columns of a patient's standard normal deviates."""

    CENTRE = 0
    SEVERE = 1
    MILD = 2
    SIDE = 3
    WIDTH = 4
    GREY = 5
    BLOCK = 6
    BLOCK_DAYS = 7
    ACUTE_BLOCK = 8
    PLASTICITY = 9
    SPROUTING = 10
    SACRAL = 11
    ANAL_CONTRACTION = 12
    SCIM = 13
    WISCI = 14
    TRACT = 15  # four columns
    TRACT_SIDE = 19  # four columns
    SACRAL_NOISE = 23  # four columns


class Chance(IntEnum):
    """Columns of a patient's uniform deviates."""

    REGION = 0
    THORACOLUMBAR = 1
    PLACE = 2
    SEVERE = 3
    SEX = 4
    AGE = 5


@dataclass(frozen=True, slots=True)
class Deviates:
    """The random numbers behind a batch of patients: the same for every parameter set."""

    ids: Int[ndarray, " patient"]
    normals: Float[ndarray, "patient draw"]
    uniforms: Float[ndarray, "patient chance"]
    muscles: Float[ndarray, "patient side muscle"]
    skin: Float[ndarray, "patient side modality dermatome"]
    kinetics: Float[ndarray, "patient group"]

    def __getitem__(self, chosen: ndarray | slice) -> "Deviates":
        """Return the random numbers of some of the patients."""
        return of_rows(self, chosen)


@dataclass(frozen=True, slots=True)
class VirtualPatients:
    """A batch of simulated patients. Log odds are those of fibre survival a year after injury without cells.

    A tract's side is the side of the **body** that it serves. The spinothalamic fibres of one side of the body run on
    the other side of the cord, so a lesion of one half of the cord takes the corticospinal and dorsal column fibres of
    its own side and the spinothalamic fibres of the other (`syndromes.py`).
    """

    ids: Int[ndarray, " patient"]
    age_years: Float[ndarray, " patient"]
    is_male: Bool[ndarray, " patient"]
    centre_mm: Float[ndarray, " patient"]
    severity_log_odds: Float[ndarray, " patient"]
    tract_log_odds: Float[ndarray, "patient side tract"]
    width_mm: Float[ndarray, " patient"]
    grey_loss: Float[ndarray, " patient"]
    block: Float[ndarray, " patient"]  # strength relative to the median
    block_days: Float[ndarray, " patient"]
    acute_block: Float[ndarray, " patient"]
    plasticity: Float[ndarray, " patient"]
    sprouting: Float[ndarray, " patient"]
    sacral_deviate: Float[ndarray, " patient"]
    anal_contraction_deviate: Float[ndarray, " patient"]
    sacral_noise: Float[ndarray, "patient finding"]  # lasting part of the noise of touch, pin, contraction, pressure
    muscle_trait: Float[ndarray, "patient side muscle"]
    touch_trait: Float[ndarray, "patient side dermatome"]
    pin_trait: Float[ndarray, "patient side dermatome"]
    scim_deviate: Float[ndarray, " patient"]
    wisci_deviate: Float[ndarray, " patient"]
    motor_lamination: Float[ndarray, " patient"]  # added to the population's; 0 unless a syndrome says otherwise
    sensory_lamination: Float[ndarray, " patient"]
    kinetics: Float[ndarray, "patient group"]  # deviates of the rates of the patient's own cord (`patient_kinetics`)

    def __len__(self) -> int:
        """Return the number of patients."""
        return len(self.ids)

    def __getitem__(self, chosen: ndarray | slice | list[int]) -> "VirtualPatients":
        """Return some of the patients; each keeps its own random streams."""
        return of_rows(self, chosen)

    @property
    def spared_share(self) -> Float[ndarray, " patient"]:
        """Mean surviving share of fibres over sides and tracts, at the lesion."""
        return expit(self.tract_log_odds).mean(axis=(1, 2))


def draw_deviates(streams: Streams, *, count: int, first: int = 0) -> Deviates:
    """Draw the random numbers of the patients `first … first + count - 1`."""
    return deviates_of(streams, np.arange(first, first + count))


def deviates_of(streams: Streams, ids: Int[ndarray, " patient"]) -> Deviates:
    """Draw the random numbers of the patients of these numbers."""
    count = len(ids)
    skin = streams("patient/skin").normals(_SIDES * _MODALITIES * _DERMATOMES, ids)
    return Deviates(
        ids=ids,
        normals=streams("patient/normals").normals(Draw.SACRAL_NOISE + SACRAL_FINDINGS, ids).astype(float),
        uniforms=streams("patient/uniforms").uniforms(len(Chance), ids),
        muscles=streams("patient/muscles").normals(_SIDES * _MUSCLES, ids).reshape(count, _SIDES, _MUSCLES),
        skin=skin.reshape(count, _SIDES, _MODALITIES, _DERMATOMES),
        kinetics=streams("patient/kinetics").normals(len(KINETICS), ids).astype(float),
    )


def draw_patients(parameters: AnyParameters, streams: Streams, *, count: int, first: int = 0) -> VirtualPatients:
    """Draw simulated patients; patient `first + i` is the same person in every batch that holds it."""
    return form_patients(parameters, draw_deviates(streams, count=count, first=first))


def ages_of(parameters: AnyParameters, streams: Streams, ids: Int[ndarray, " patient"]) -> Float[ndarray, " patient"]:
    """Return the ages of the patients of these numbers, at a fraction of what whole patients cost."""
    age, _ = _demography(parameters, streams("patient/uniforms").uniforms(len(Chance), ids))
    return age


def form_patients(parameters: AnyParameters, deviates: Deviates) -> VirtualPatients:
    """Turn random numbers into patients, all under one parameter set or each under a set of their own."""
    in_neck, centre = _centres(parameters, deviates)
    return lesioned_patients(parameters, deviates, centre, _severity(parameters, deviates, in_neck, centre))


def lesioned_patients(
    parameters: AnyParameters,
    deviates: Deviates,
    centre: Float[ndarray, " patient"],
    severity: Float[ndarray, " patient"],
) -> VirtualPatients:
    """Turn random numbers into patients whose lesion is given: its place (mm), and the log odds that fibres survive."""
    p, z = parameters, deviates.normals
    clipped = np.clip(severity, p.severity_floor, p.severity_ceiling)
    step = clipped / p.severity_scale
    age, is_male = _demography(p, deviates.uniforms)
    touch, pin = _skin_traits(p, deviates.skin)
    sacral = p.sacral_spread
    return VirtualPatients(
        ids=deviates.ids,
        age_years=age,
        is_male=is_male,
        centre_mm=centre,
        severity_log_odds=severity,
        tract_log_odds=_tract_log_odds(p, severity, z),
        width_mm=p.lesion_width_mm * np.exp(p.width_severity_slope * clipped + p.width_spread * z[:, Draw.WIDTH]),
        grey_loss=expit(
            p.grey_loss_log_odds + p.grey_loss_severity_slope * clipped + p.grey_loss_spread * z[:, Draw.GREY]
        ),
        block=np.exp(p.block_spread * z[:, Draw.BLOCK] - p.block_severity_slope * step),
        block_days=p.block_days
        * np.exp(p.block_days_spread * z[:, Draw.BLOCK_DAYS] - p.block_days_severity_slope * step),
        acute_block=np.exp(p.acute_block_spread * z[:, Draw.ACUTE_BLOCK]),
        plasticity=p.plasticity * np.exp(p.plasticity_spread * z[:, Draw.PLASTICITY]),
        sprouting=p.sprouting * np.exp(p.sprouting_spread * z[:, Draw.SPROUTING]),
        sacral_deviate=sacral * z[:, Draw.SACRAL],
        anal_contraction_deviate=p.anal_contraction_spread_share * sacral * z[:, Draw.ANAL_CONTRACTION],
        sacral_noise=z[:, Draw.SACRAL_NOISE : Draw.SACRAL_NOISE + SACRAL_FINDINGS],
        muscle_trait=along(p.muscle_trait, 2, np.float32) * deviates.muscles,
        touch_trait=touch,
        pin_trait=pin,
        scim_deviate=p.scim_person_spread * z[:, Draw.SCIM],
        wisci_deviate=p.wisci_person_spread * z[:, Draw.WISCI],
        motor_lamination=np.zeros(len(centre)),
        sensory_lamination=np.zeros(len(centre)),
        kinetics=deviates.kinetics,
    )


def with_own_kinetics(patients: VirtualPatients, deviates: Mapping[str, float]) -> VirtualPatients:
    """Return the patients with deviates of their rates given by group instead of drawn; groups left out stay drawn.

    As many of their fibres are left a year after injury without cells as before: it is the impact that changes.
    """
    own = np.array(patients.kinetics, float)
    for group, deviate in deviates.items():
        own[:, KINETICS.index(group)] = deviate
    return replace(patients, kinetics=own)


def _centres(p: AnyParameters, deviates: Deviates) -> tuple[Bool[ndarray, " patient"], Float[ndarray, " patient"]]:
    """Say who is hurt in the neck, and draw where along the cord each lesion has its centre."""
    cord = cord_geometry(p.cord_length_mm)
    u, z = deviates.uniforms, deviates.normals[:, Draw.CENTRE]
    first, last = (cord.segment_end(name) for name in _UNIFORM_SEGMENTS)
    start = first - (cord.segment_end(_UNIFORM_SEGMENTS[0]) - cord.segment_end("T2"))
    in_neck = u[:, Chance.REGION] < p.cervical_share
    below = np.where(
        u[:, Chance.THORACOLUMBAR] < p.thoracolumbar_share,
        p.thoracolumbar_centre_mm + p.thoracolumbar_spread_mm * z,
        start + (last - start) * u[:, Chance.PLACE],
    )
    return in_neck, np.where(in_neck, p.cervical_centre_mm + p.cervical_spread_mm * z, below)


def _severity(
    p: AnyParameters, deviates: Deviates, in_neck: Bool[ndarray, " patient"], centre: Float[ndarray, " patient"]
) -> Float[ndarray, " patient"]:
    z, u = deviates.normals, deviates.uniforms[:, Chance.SEVERE]
    is_low = centre > cord_geometry(p.cord_length_mm).segment_end(_THORACOLUMBAR_FROM)
    log_odds = logit(p.severe_share) + np.where(in_neck, 0.0, p.severe_share_below_neck)
    down_the_neck = np.where(in_neck, (centre - p.cervical_centre_mm) / p.cervical_spread_mm, 0.0)
    log_odds += p.severe_share_neck_slope * down_the_neck
    is_severe = logit(u) < log_odds + np.where(is_low, p.severe_share_thoracolumbar, 0.0)
    mild_mean = p.mild_log_odds + np.where(in_neck, 0.0, p.mild_shift_below_neck) + p.mild_neck_slope * down_the_neck
    severe = p.severe_log_odds + p.severe_spread * z[:, Draw.SEVERE]
    return np.where(is_severe, severe, mild_mean + p.mild_spread * z[:, Draw.MILD])


def _tract_log_odds(
    p: AnyParameters, severity: Float[ndarray, " patient"], z: Float[ndarray, "patient draw"]
) -> Float[ndarray, "patient side tract"]:
    shifts = 0.0, p.other_descending_shift, p.dorsal_column_shift, p.spinothalamic_shift
    shift = np.stack(np.broadcast_arrays(*shifts), axis=-1)
    return (severity[:, None] + shift)[:, None, :] + tract_deviates(p, z)


def tract_deviates(p: AnyParameters, z: Float[ndarray, "patient draw"]) -> Float[ndarray, "patient side tract"]:
    """Return how far the log odds of each patient's tracts lie from those of a lesion as severe, side by side."""
    count = len(TRACTS)
    middle = along(p.tract_spread, 1) * z[:, Draw.TRACT : Draw.TRACT + count]
    sides = along(p.tract_side_spread, 1) * z[:, Draw.TRACT_SIDE : Draw.TRACT_SIDE + count]
    half = along(p.side_spread, 1) * z[:, [Draw.SIDE]] + sides
    return middle[:, None, :] + _SIGN_OF_SIDE[:, None] * half[:, None, :]


def _skin_traits(
    p: AnyParameters, noise: Float[ndarray, "patient side modality dermatome"]
) -> tuple[Float[ndarray, "patient side dermatome"], Float[ndarray, "patient side dermatome"]]:
    """Log deviations along the skin, alike in neighbours; pin prick shares one of its two fields with touch."""
    correlation = np.broadcast_to(np.float32(p.dermatome_trait_correlation), len(noise))
    field = _along_the_skin(noise, np.ascontiguousarray(correlation))
    own = along(p.pin_trait_share, 2, np.float32) * (field[:, :, 0] + field[:, :, 1])
    spread = along(p.dermatome_trait, 2, np.float32)
    return spread * field[:, :, 0], spread * own


@njit(cache=True, error_model="numpy")
def _along_the_skin(noise: ndarray, correlation: ndarray) -> ndarray:
    """Return fields of unit variance in which each dermatome resembles the one above it."""
    field = np.empty_like(noise)
    for patient in range(len(noise)):
        alike = correlation[patient]
        fresh = np.float32(sqrt(np.float32(1.0) - alike * alike))
        for side in range(noise.shape[1]):
            for modality in range(noise.shape[2]):
                value = noise[patient, side, modality, 0]
                field[patient, side, modality, 0] = value
                for dermatome in range(1, noise.shape[3]):
                    value = alike * value + fresh * noise[patient, side, modality, dermatome]
                    field[patient, side, modality, dermatome] = value
    return field


def _demography(
    p: AnyParameters, u: Float[ndarray, "patient chance"]
) -> tuple[Float[ndarray, " patient"], Bool[ndarray, " patient"]]:
    """Age and sex of EMSCI's margins; the bounds cut a normal whose mean and SD are the printed ones."""
    is_male = u[:, Chance.SEX] < p.male_share
    mean = np.where(is_male, p.men_age_mean, p.women_age_mean)
    spread = np.where(is_male, p.men_age_spread, p.women_age_spread)
    low, high = (p.youngest_age - mean) / spread, (p.oldest_age - mean) / spread
    share = ndtr(low) + (ndtr(high) - ndtr(low)) * u[:, Chance.AGE]
    return mean + spread * ndtri(share), is_male
