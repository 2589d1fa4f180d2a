"""An experiment: what its TOML file says, read and checked."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from .._core import RequestError
from ..token_parts import Mask
from .measures import MEASURES
from .model import Size

_FILES = Path(__file__).parent / "files"

T = TypeVar("T")

#: What texts of a model are used for: as candidates, or as rows by a rule of `sos select`.
USES = ("candidates", "roc", "roc-soft", "uniform", "inverted")


@dataclass(frozen=True)
class Own:
    """Texts that the model of another arm wrote, as training rows."""

    use: str
    """`candidates`: they are the candidates of the config's rows. `roc`, `roc-soft`, `uniform`, `inverted`: those that this rule of `sos select` keeps and that are right are the rows."""
    puzzles: int
    """For how many training puzzles it writes."""
    each: int
    """How many texts it writes for each."""


@dataclass(frozen=True)
class Reward:
    """Training by reward, with no rows but puzzles: see `reinforce`."""

    puzzles: int = 8
    """Puzzles of a step."""
    each: int = 8
    """Texts that are written for each."""
    rate: float = 2e-4


@dataclass(frozen=True)
class Arm:
    """What a model is trained on, beside the other arms of an experiment."""

    name: str
    says: str
    """What the arm is, in a few words, for the report."""
    config: str
    """The record config of its rows."""
    then: str | None = None
    """The record config of the last part of each budget, in which the rate of learning falls; by default that of `config`."""
    also: str | None = None
    """A second record config: as many of its rows come as of the arm's own. The loss counts their completions."""
    mask: Mask = "prompt"
    text: str | int | None = None
    """Which of several texts of a row is learnt."""
    split: str | None = None
    """The split of its rows; by default `train`."""
    rows: int | None = None
    """How many of the config's rows the arm has; by default all."""
    after: str | None = None
    """The arm whose model, with the same seed and at its last budget in tokens, this one goes on from. Its own budgets count from there."""
    own: Own | None = None
    """Where its rows are made of texts that the model before it wrote."""
    reward: Reward | None = None
    """Where it learns by reward."""

    def train_split(self) -> str:
        """The split that it is trained on."""
        return self.split or "train"

    def configs(self) -> list[str]:
        """The record configs that it is trained on."""
        return list(dict.fromkeys(config for config in (self.config, self.also, self.then) if config))


@dataclass(frozen=True)
class Pack:
    """Test rows: the first ones of a split."""

    name: str
    split: str
    says: str = ""
    asks: Mapping[str, str] | None = None
    """For arms that are tested on a record config, the config whose rows are asked. An arm whose config is not named is not asked. By default each arm is asked
    its own rows."""
    texts: str | None = None
    """Whose wrong texts are the candidates that are judged: `own`, those that the model wrote which the arm goes on from; `other`, those of that model with the next seed. Rows without one are left out."""

    def config(self, arm: Arm) -> str | None:
        """The record config whose rows an arm is asked; None where it is not asked."""
        own = arm.then or arm.config
        return own if self.asks is None else self.asks.get(own)


@dataclass(frozen=True)
class Reading:
    """What was expected, written down before the runs: a measure of an arm, or its difference from another arm, in points of 100."""

    says: str
    measure: str
    arm: str
    pack: str
    against: str | None = None
    against_pack: str | None = None
    """The pack of the other side, where it is another one; without `against` the arm is compared with itself."""
    at: str = "tokens"
    """`tokens`: when each arm has had the same tokens. `rows`: the same rows."""
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Scale:
    """How much is trained and tested."""

    points: tuple[float, ...]
    """Budgets, in millions of tokens. Each is the end of a run of its own, with a rate that falls to nothing."""
    seeds: int
    test: int
    """Puzzles of each pack."""
    arms: tuple[str, ...] = ()
    """The arms that are trained; all where none is named."""
    rows_after: bool = False
    """Whether arms that go on from another arm's model have a budget in rows as well. Own texts and rewards never have one: their rows are other ones with each seed."""


@dataclass(frozen=True)
class Experiment:
    """A question, arms that differ in one thing, and what was expected."""

    name: str
    question: str
    recipe: Mapping[str, Any]
    arms: tuple[Arm, ...]
    packs: tuple[Pack, ...]
    scales: Mapping[str, Scale]
    readings: tuple[Reading, ...] = ()
    says: str = ""
    """What the result says and does not say."""
    size: Size = field(default_factory=Size)
    cells: bool = False
    """Whether the tokenizer takes a cell of a maze as one token."""
    rate: float = 2e-3
    warm_up: int = 200
    """Steps until the rate is reached."""
    tokens_a_step: int = 1250
    fall: float = 0.2
    """Share of a budget in which the rate falls."""
    map: bool = False
    """Whether the page tells which arm solves most, for each pack and budget."""
    samples: int = 0
    """How many answers are drawn for each test puzzle at the last budget, beside the likeliest one: for best-of-k at equal written tokens."""

    def arm(self, name: str) -> Arm:
        """An arm by its name."""
        return next(arm for arm in self.arms if arm.name == name)

    def digest(self, arm: Arm) -> str:
        """A hash of all that a run of an arm depends on, beside its seed and budgets: results with another one are of another experiment."""
        records = [record for record in self.recipe["records"] if record.get("name", record["kind"]) in arm.configs()]
        # What an arm does not say is left out, so that a new field changes no digest of those that do without it.
        said = {name: value for name, value in asdict(arm).items() if value is not None}
        own = asdict(self) | {"recipe": {**self.recipe, "records": records}, "arm": said}
        if arm.after:
            own["before"] = [self.digest(one) for one in self.before(arm)]
        for name in ("question", "says", "arms", "packs", "scales", "readings", "map", "samples"):
            del own[name]
        del own["arm"]["says"]
        return hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest()[:16]

    def packs_of(self, arm: Arm) -> tuple[Pack, ...]:
        """The packs that an arm is asked."""
        return tuple(pack for pack in self.packs if pack.config(arm))

    def before(self, arm: Arm) -> tuple[Arm, ...]:
        """The arms whose models an arm builds on, the first one first."""
        return (*self.before(self.arm(arm.after)), self.arm(arm.after)) if arm.after else ()

    def arms_of(self, scale: Scale) -> tuple[Arm, ...]:
        """The arms that are trained at a scale."""
        return tuple(arm for arm in self.arms if not scale.arms or arm.name in scale.arms)


    def tokens(self, scale: Scale) -> float:
        """Millions of tokens that all runs of a scale are trained on at most, the ends of budgets included, each of which is a run of its own from where the rate falls."""
        last = scale.points[-1]
        # One more for the budget in rows, which is no longer than the last one.
        ends = sum(scale.points) + last
        return scale.seeds * len(self.arms_of(scale)) * ((1 - self.fall) * last + self.fall * ends)


def names() -> list[str]:
    """Names of the experiments that come with the package."""
    return sorted(path.stem for path in _FILES.glob("*.toml"))


def read(name: str) -> Experiment:
    """An experiment by its name, or from a TOML file. Raises RequestError where there is none, or where it is wrong."""
    path = _FILES / f"{name}.toml" if name in names() else Path(name)
    try:
        text = path.read_bytes()
    except OSError:
        raise RequestError(f"experiment {name!r}: there is none; there are {', '.join(names())}, or give a TOML file") from None
    try:
        return _experiment(_merged(_toml(text.decode())))
    except (ValueError, TypeError, KeyError) as error:
        raise RequestError(f"{path.name}: {error}") from error


def _merged(found: dict[str, Any]) -> dict[str, Any]:
    """What a file says, and for all that it does not say what the experiment says that it `extends`."""
    base = found.pop("extends", None)
    if base is None:
        return found
    if base not in names():
        raise ValueError(f"extends: found {base!r}; allowed: {', '.join(names())}")
    return _merged(_toml((_FILES / f"{base}.toml").read_text(encoding="utf-8"))) | found


def _toml(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


def _experiment(found: dict[str, Any]) -> Experiment:
    found = dict(found)
    # What is the same in all experiments that share a recipe stands there, not here.
    recipe = json.loads(json.dumps(found.pop("recipe")))
    parts = {
        "recipe": recipe,
        "arms": tuple(_arm(arm) for arm in found.pop("arms")),
        "packs": tuple(_make(Pack, pack) for pack in found.pop("packs")),
        "scales": {name: _make(Scale, scale | {"points": tuple(scale["points"]), "arms": tuple(scale.get("arms", ()))}) for name, scale in found.pop("scales").items()},
        "readings": tuple(_make(Reading, reading) for reading in found.pop("readings", ())),
        "size": _make(Size, found.pop("size", {})),
    }
    experiment = _make(Experiment, found | parts)
    _check(experiment)
    return experiment


def _arm(found: Mapping[str, Any]) -> Arm:
    parts = {name: _make(kind, found[name]) for name, kind in (("own", Own), ("reward", Reward)) if name in found}
    return _make(Arm, {**found, **parts})


def _make(what: type[T], found: Mapping[str, Any]) -> T:
    allowed = [part.name for part in fields(what)]  # type: ignore[arg-type]
    for name in found:
        if name not in allowed:
            raise ValueError(f"{what.__name__.lower()}: found the field {name!r}; allowed: {', '.join(allowed)}")
    return what(**found)


def _check(experiment: Experiment) -> None:
    arms, packs = [arm.name for arm in experiment.arms], [pack.name for pack in experiment.packs]
    for kind, given in (("arms", arms), ("packs", packs)):
        if not given or len(set(given)) < len(given):
            raise ValueError(f"{kind}: found {given}; needed are one or more, each with a name of its own")
    for arm in experiment.arms:
        _check_arm(experiment, arm)
    for reading in experiment.readings:
        parts = ((reading.arm, arms), (reading.against, [*arms, None]), (reading.pack, packs), (reading.against_pack, [*packs, None]), (reading.at, ["tokens", "rows"]), (reading.measure, list(MEASURES)))
        for name, allowed in parts:
            if name not in allowed:
                raise ValueError(f"reading {reading.says!r}: found {name!r}; allowed: {', '.join(map(str, allowed))}")
        if reading.at_least is None and reading.at_most is None:
            raise ValueError(f"reading {reading.says!r}: needs at_least, at_most, or both")
    for pack in experiment.packs:
        if pack.texts not in (None, "own", "other"):
            raise ValueError(f"pack {pack.name}: texts: found {pack.texts!r}; allowed: own, other")
        for arm in experiment.arms:
            if pack.texts and pack.config(arm) and arm.after is None:
                raise ValueError(f"pack {pack.name}: texts: it asks the arm {arm.name}, which goes on from no other arm's model; name others in `asks`")
    for name, scale in experiment.scales.items():
        if not scale.points or list(scale.points) != sorted(set(scale.points)) or scale.points[0] <= 0 or scale.seeds < 1 or scale.test < 1:
            raise ValueError(f"scale {name}: needs points that grow, one seed or more, and one test puzzle or more")
        for arm in scale.arms:
            if arm not in arms:
                raise ValueError(f"scale {name}: found the arm {arm!r}; allowed: {', '.join(arms)}")


def _check_arm(experiment: Experiment, arm: Arm) -> None:
    """An arm after another one needs it before itself, so that there is no ring."""
    earlier = [one.name for one in experiment.arms[: experiment.arms.index(arm)]]
    if arm.after is not None and arm.after not in earlier:
        raise ValueError(f"arm {arm.name}: after: found {arm.after!r}; allowed: an arm that stands before it: {', '.join(earlier) or 'none'}")
    if arm.after is None and (arm.own or arm.reward):
        raise ValueError(f"arm {arm.name}: own, reward: needs `after`, the arm whose model writes")
    if arm.own and (arm.own.use not in USES or arm.own.puzzles < 1 or arm.own.each < 1):
        raise ValueError(f"arm {arm.name}: own: found {arm.own}; allowed: use {', '.join(USES)}, and one puzzle and one text or more")
    if arm.split and (arm.own or arm.reward):
        raise ValueError(f"arm {arm.name}: split goes with none of own and reward, whose puzzles are those of train")
    if arm.split and arm.split not in experiment.recipe["splits"]:
        raise ValueError(f"arm {arm.name}: split: found {arm.split!r}; allowed: {', '.join(experiment.recipe['splits'])}")
    if arm.split in {pack.split for pack in experiment.packs}:
        raise ValueError(f"arm {arm.name}: split: found {arm.split!r}, whose rows are a test")
    if arm.reward and (arm.own or arm.then or arm.also):
        raise ValueError(f"arm {arm.name}: reward goes with none of own, `then` and `also`")
