from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlcd.model.config import MAXIMAL_CONFIG_BYTES, MAXIMAL_ENVIRONMENTS, parse
from jupyter_mlcd.model.errors import ConfigError
from jupyter_mlcd.model.gate import Gate, Goal, Over
from jupyter_mlcd.model.project import Keep
from jupyter_mlcd.model.suite import Compare, Comparer, ComparerRule, Limits, OnFailure
from jupyter_mlcd.model.target import OWN_KINDS, FolderTable, GitTable, PlugInTable

if TYPE_CHECKING:
    from jupyter_mlcd.model.project import Project

EXAMPLE = Path(__file__).parents[2] / "example_notebooks" / "mlcd.toml"

FULL = """\
[project]
name = "digits"
policy = "origin/main"
keep = "all"

[suites.quality]
compare = "every-cell"
inputs = ["data/"]
limits = { cell = "90s", notebook = "1h" }

[[suites.quality.notebooks]]
path = "prepare.ipynb"

[[suites.quality.notebooks]]
path = "train.ipynb"
after = ["prepare.ipynb"]
parameters = { C = 10.0 }
matrix = { seed = [1, 2, 3] }
produces = ["model.joblib"]
candidate = { seed = 1 }

[[gates]]
metric = "accuracy"
goal = "max"
at-least = 0.95
better-than = "production"
by = 0.002
over = "worst"
environments = ["production"]

[environments.staging]
suites = ["quality"]
target = { kind = "folder", url = "releases/staging" }

[environments.production]
after = "staging"
target = { kind = "git", remote = "origin" }
"""

SMALL = """\
[project]
name = "digits"

[suites.quality]
notebooks = ["a.ipynb", "b.ipynb"]
"""


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return caught.value


def changed(old: str, new: str, text: str = FULL) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.fixture(scope="module")
def full() -> Project:
    return parse(FULL)


def test_the_example_that_everything_shows_is_right() -> None:
    assert parse(EXAMPLE.read_text()).name == "digits"


def test_the_project_is_read(full: Project) -> None:
    assert (full.name, full.project.policy, full.project.keep) == (
        "digits", "origin/main", Keep.ALL,
    )  # fmt: skip


def test_a_suite_is_read(full: Project) -> None:
    suite = full.suites["quality"]
    assert (suite.compare, suite.inputs) == (Compare.EVERY_CELL, ("data/",))


def test_limits_are_read_in_seconds(full: Project) -> None:
    limits = full.limits("quality")
    assert (limits.cell, limits.notebook) == (90.0, 3600.0)


def test_the_matrix_becomes_cases(full: Project) -> None:
    assert [case.id for case in full.cases("quality")] == [
        "prepare.ipynb",
        "train.ipynb[C=10.0,seed=1]",
        "train.ipynb[C=10.0,seed=2]",
        "train.ipynb[C=10.0,seed=3]",
    ]


def test_a_gate_is_read_with_its_hyphens(full: Project) -> None:
    assert full.gates == (
        Gate("accuracy", Goal.MAX, 0.95, None, "production", 0.002, Over.WORST, ("production",)),
    )


def test_targets_are_read_by_their_kind(full: Project) -> None:
    assert full.target("staging") == FolderTable("releases/staging")
    assert full.target("production") == GitTable("origin")


def with_target(target: str) -> str:
    return f"{SMALL}\n[environments.production]\ntarget = {target}\n"


def test_a_kind_that_is_not_ours_is_that_of_another_package() -> None:
    project = parse(with_target('{ kind = "spinnaker", url = "x", pipelines = [1] }'))
    settings = {"url": "x", "pipelines": [1]}
    assert project.target("production") == PlugInTable("spinnaker", settings)


def test_a_kind_that_is_nearly_ours_is_a_slip_of_the_pen() -> None:
    with pytest.raises(ConfigError, match="gihub"):
        parse(with_target('{ kind = "gihub", workflow = "deliver.yml" }'))


@pytest.mark.parametrize(
    "target",
    ['{ kind = "jenkins", url = "http://ci.example.org", job = "a" }',
     '{ kind = "webhook", url = "https://ann:secret@cd.example.org" }',
     '{ kind = "github", workflow = "a.yml", url = "ftp://example.org" }'],
)  # fmt: skip
def test_a_target_is_at_an_address_that_a_key_may_be_sent_to(target: str) -> None:
    with pytest.raises(ConfigError, match="not sent to this address"):
        parse(with_target(target))


def test_a_slip_in_the_table_of_ci_names_the_nearest_key() -> None:
    error = refused(f'{SMALL}\n[ci]\nkind = "github"\nworkflows = "mlcd.yml"\n')
    assert "unknown key `workflows`" in error.message
    assert "`workflow`" in error.hint
    assert error.details["key"] == "ci.workflows"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('kind = "travis"', "It can be: github, azure-devops, gitlab, jenkins."),
        ('kind = "jenkins"\njob = "a"\nurl = "http://ci.example.org"', "Write an https address"),
        ('kind = "gitlab"\nbranch = "release/*"', 'as in "main"'),
    ],
)
def test_a_table_of_ci_that_cannot_be_meant_is_refused(lines: str, words: str) -> None:
    assert words in refused(f"{SMALL}\n[ci]\n{lines}\n").hint


def test_the_short_form_is_a_list_of_paths() -> None:
    assert [case.id for case in parse(SMALL).cases("quality")] == ["a.ipynb", "b.ipynb"]


def test_what_is_not_said_has_the_default_that_is_documented() -> None:
    suite = parse(SMALL).suites["quality"]
    assert (suite.compare, suite.inputs, suite.sanitize) == (Compare.MARKED_CELLS, (), ())
    assert (suite.on_failure, suite.retry) == (OnFailure.RUN_ON, 0)


def test_limits_are_read_as_seconds_and_bytes() -> None:
    text = changed(
        'limits = { cell = "90s", notebook = "1h" }',
        'limits = { cell = "90s", suite = "2h", memory = "1.5 GiB", output = "64 kB" }',
    )
    expected = Limits(cell=90.0, notebook=3600.0, suite=7200.0, memory=3 << 29, output=64_000)
    assert parse(text).limits("quality") == expected


@pytest.mark.parametrize("size", ["4", "GiB", "-1 GiB", "0 B", "4 GiBs", "1e3 B", "4 gigabytes"])
def test_what_is_no_size_is_refused_with_its_place(size: str) -> None:
    text = changed(
        'limits = { cell = "90s", notebook = "1h" }', f'limits = {{ memory = "{size}" }}'
    )
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert caught.value.details["key"] == "suites.quality.limits"
    assert "is not a size" in caught.value.message


def with_comparer(field: str, rule: str) -> str:
    return f"{FULL}\n[suites.quality.comparers]\n{field} = {rule}\n"


def test_a_comparer_is_read_with_its_tolerance() -> None:
    text = with_comparer('"text/plain"', '{ by = "numbers", relative = 1e-3 }')
    rules = parse(text).comparers("quality")
    assert rules == {"text/plain": ComparerRule(Comparer.NUMBERS, relative=1e-3)}


@pytest.mark.parametrize(
    ("field", "rule", "words"),
    [
        ("stdin", '{ by = "ignore" }', "neither a media type nor stdout nor stderr"),
        ('"text/plain"', '{ by = "numbers", absolute = -1 }', "is not a number from 0 on"),
        ('"text/plain"', '{ by = "numbers", relative = nan }', "is not a number from 0 on"),
        ('"image/png"', '{ by = "image", threshold = 2 }', "a part of the picture"),
        ('"image/png"', '{ by = "eye" }', "by"),
        ('"image/png"', '{ by = "image", treshold = 0.1 }', "unknown key `treshold`"),
    ],
)
def test_a_wrong_comparer_is_refused_with_its_place(field: str, rule: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(with_comparer(field, rule))
    assert words in caught.value.message
    assert str(caught.value.details["key"]).startswith("suites.quality.comparers")


def test_one_sanitising_file_or_several_can_be_named() -> None:
    one = changed("limits = {", 'sanitize = "a.cfg"\nlimits = {')
    assert parse(one).sanitize("quality") == ("a.cfg",)
    two = changed("limits = {", 'sanitize = ["a.cfg", "b/c.cfg"]\nlimits = {')
    assert parse(two).sanitize("quality") == ("a.cfg", "b/c.cfg")


def test_a_whole_number_is_good_where_a_number_is_asked_for() -> None:
    assert parse(changed("at-least = 0.95", "at-least = 1")).gates[0].at_least == 1.0


def test_a_best_candidate_takes_the_goal_of_its_gate() -> None:
    text = changed("candidate = { seed = 1 }", 'candidate = { best = "accuracy" }')
    assert parse(text).cases("quality")[1].candidate == "max:accuracy"


# ---------------------------------------------------------------- file, line and key


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        (changed("keep =", "kep ="), 4, "project.kep"),
        (changed('keep = "all"', 'keep = "some"'), 4, "project.keep"),
        (changed('name = "digits"', "name = 3"), 2, "project.name"),
        (changed('name = "digits"', 'name = "di gits"'), 2, "project.name"),
        (changed('name = "digits"', 'name = "digits\\n"'), 2, "project.name"),
        (changed('name = "digits"', 'name = "../digits"'), 2, "project.name"),
        (changed('name = "digits"\n', ""), 1, "project"),
        (changed("[suites.quality]", '[suites."qua lity"]'), 6, "suites.qua lity"),
        (changed('compare = "every-cell"', 'compare = "all"'), 7, "suites.quality.compare"),
        (changed('inputs = ["data/"]', 'inputs = "data/"'), 8, "suites.quality.inputs"),
        (changed('cell = "90s"', 'cell = "soon"'), 9, "suites.quality.limits"),
        (changed('cell = "90s"', 'cel = "90s"'), 9, "suites.quality.limits.cel"),
        (changed("path = ", "paht = "), 12, "suites.quality.notebooks.0.paht"),
        (changed('after = ["prep', 'after = ["pep'), 6, "suites.quality"),
        (changed("after = [", "afte = ["), 16, "suites.quality.notebooks.1.afte"),
        (changed("C = 10.0", "C = nan"), 17, "suites.quality.notebooks.1.parameters.C"),
        (changed("C = 10.0", 'token = "x"'), 17, "suites.quality.notebooks.1.parameters.token"),
        (changed("C = 10.0", '"C x" = 1'), 17, "suites.quality.notebooks.1.parameters.C x"),
        (changed("[1, 2, 3]", "[]"), 18, "suites.quality.notebooks.1.matrix.seed"),
        (changed("[1, 2, 3]", "[1, 2, 1]"), 18, "suites.quality.notebooks.1.matrix.seed"),
        (changed("[1, 2, 3]", "3"), 18, "suites.quality.notebooks.1.matrix.seed"),
        (changed("{ seed = 1 }", "{ seed = 7 }"), 20, "suites.quality.notebooks.1.candidate"),
        (changed("{ seed = 1 }", "{ sed = 1 }"), 20, "suites.quality.notebooks.1.candidate"),
        (changed("{ seed = 1 }", "{ best = 1 }"), 20, "suites.quality.notebooks.1.candidate"),
        (changed('metric = "accuracy"', "metric = 3"), 23, "gates.0.metric"),
        (changed('goal = "max"', 'goal = "most"'), 24, "gates.0.goal"),
        (changed("at-least", "at_least"), 25, "gates.0.at_least"),
        (changed("0.95", '"0.95"'), 25, "gates.0.at-least"),
        (changed("0.95", "nan"), 22, "gates.0"),
        (changed("by = 0.002", "by = -0.002"), 22, "gates.0"),
        (changed('= "production"\nby', '= "prod"\nby'), 22, "gates.0"),
        (changed('environments = ["prod', 'environments = ["pro'), 22, "gates.0"),
        (changed("[environments.staging]", "[environments.s-]\nx = 1"), 32, "environments.s-.x"),
        (changed('suites = ["quality"]', 'suites = ["fast"]'), 32, "environments.staging.suites"),
        (changed('"folder"', '"folders"'), 33, "environments.staging.target.kind"),
        (changed('kind = "folder", ', ""), 33, "environments.staging.target"),
        (changed(', url = "releases/staging"', ""), 33, "environments.staging.target"),
        (changed("url =", "ulr ="), 33, "environments.staging.target.ulr"),
        (changed("releases/staging", "https://bucket/x"), 33, "environments.staging.target.url"),
        (changed("releases/staging", "s3://ada:key@x/y"), 33, "environments.staging.target.url"),
        (changed("releases/staging", "az://x/y?sig=key"), 33, "environments.staging.target.url"),
        (changed("releases/staging", "s3:///"), 33, "environments.staging.target.url"),
        (changed("releases/staging", ""), 33, "environments.staging.target.url"),
        (changed('after = "staging"', 'after = "stage"'), 36, "environments.production.after"),
        (changed('after = "staging"', 'after = "production"'), 35, "environments.production"),
        (changed('remote = "origin"', "remote = 3"), 37, "environments.production.target.remote"),
        (changed("[environments.staging]", '[environments.""]'), 31, "environments."),
        ("[project]\n", 1, "project"),
        ("", 1, ""),
        ('[project]\nname = "digits"\n', 1, ""),
        ('[project]\nname = "digits"\n[suites]\n', 3, "suites"),
        ('[project]\nname = "d"\n\nenvironments = 3\n[suites.q]\nnotebooks = []\n', 4,
         "project.environments"),
    ],
)  # fmt: skip
def test_an_error_names_its_line_and_its_key(text: str, line: int, key: str) -> None:
    tomllib.loads(text)
    details = refused(text).details
    assert (details["line"], details["key"]) == (line, key)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[project\n", "mlcd.toml, line 1: Expected ']' at the end of a table declaration"),
        ("[project]\nname = digits\n", "mlcd.toml, line 2: Invalid value"),
        ('[project]\nname = "d"\nname = "d"\n', "mlcd.toml, line 3: Cannot overwrite a value"),
        ('[project]\nname = """\n\n\n', "mlcd.toml, line 2: Unterminated string"),
        ('[project]\nname = "d"\nx = [1,\n2', "mlcd.toml, line 4: Unclosed array"),
    ],
)
def test_a_text_that_is_not_toml_is_refused_with_its_line(text: str, said: str) -> None:
    assert str(refused(text)) == said


def test_the_error_names_the_file_it_was_read_from() -> None:
    with pytest.raises(ConfigError, match=r"^mlcd.toml of origin/main, line 1: ") as caught:
        parse("", "mlcd.toml of origin/main")
    assert caught.value.details["file"] == "mlcd.toml of origin/main"


@pytest.mark.parametrize(
    ("old", "new", "nearest"),
    [
        ("keep =", "kep =", "keep"),
        ("compare =", "compar =", "compare"),
        ("cell =", "cels =", "cell"),
        ("produces =", "produce =", "produces"),
        ("at-least", "at_least", "at-least"),
        ("better-than", "beter-than", "better-than"),
        ('after = "st', 'aftr = "st', "after"),
        ("remote =", "remotes =", "remote"),
        ("[[gates]]", "[[gate]]", "gates"),
    ],
)
def test_a_misspelt_key_is_answered_with_the_nearest_known_one(
    old: str, new: str, nearest: str
) -> None:
    assert refused(changed(old, new)).hint == f"Did you mean `{nearest}`?"


def test_a_key_that_resembles_none_is_answered_without_a_guess() -> None:
    assert refused(changed("keep =", "zzz =")).hint == "Take it out, or check its spelling."


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ('"every-cell"', '"all"', "It can be: every-cell, marked-cells, nothing."),
        ('keep = "all"', 'keep = "some"', "It can be: on-request, all."),
        ('"max"', '"more"', "It can be: max, min."),
        ('"worst"', '"best"', "It can be: mean, worst, every."),
        ('"folder"', '"folders"', f"It can be: {', '.join(OWN_KINDS)}."),
        ('after = "staging"', 'deliver = "by-magic"', "It can be: by-hand, automatic."),
        ('after = "staging"', 'verify = "smoke"', "There is: quality."),
        ('suites = ["quality"]', 'suites = ["fast"]', "There is: quality."),
        ('after = "staging"', 'after = "stage"', "There is: staging, production."),
        ("{ seed = 1 }", "{ seed = 7 }", "There is: 1, 2, 3."),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(old: str, new: str, hint: str) -> None:
    assert refused(changed(old, new)).hint == hint


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "digits"', "name = 3", "`project.name`: expected text, got a whole number"),
        ("0.95", '"0.95"', "`gates.0.at-least`: expected a number, got text"),
        ('["data/"]', '"data/"', "`suites.quality.inputs`: expected a list, got text"),
        ('name = "digits"', 'name = "-"', "'-' cannot be a name"),
        ("[1, 2, 3]", "[1, 2, 1]", "the list of `seed` in the matrix repeats a value"),
        ('"train.ipynb"', '"prepare.ipynb"', "prepare.ipynb stands twice in the suite"),
        ('"model.joblib"', '"release.json"', "`release.json` is written by every delivery"),
    ],
)
def test_the_words_are_those_of_people(old: str, new: str, words: str) -> None:
    assert str(refused(changed(old, new))).partition(": ")[2] == words


@pytest.mark.parametrize("place", ['path = "train.ipynb"', 'produces = ["model.joblib"]'])
@pytest.mark.parametrize("path", ["../a", "/etc/passwd", "C:/a", "a\\\\b", "a//b", "./a", ".git/x"])
def test_a_path_that_leaves_the_project_is_refused(place: str, path: str) -> None:
    key = place.partition(" ")[0]
    value = f'["{path}"]' if key == "produces" else f'"{path}"'
    assert "leaves the project's folder" in str(refused(changed(place, f"{key} = {value}")))


def test_notebooks_that_wait_for_each_other_in_a_circle_are_named() -> None:
    text = changed('path = "prepare.ipynb"', 'path = "prepare.ipynb"\nafter = ["train.ipynb"]')
    assert "prepare.ipynb -> train.ipynb -> prepare.ipynb" in str(refused(text))


def test_environments_that_wait_for_each_other_in_a_circle_are_named() -> None:
    text = changed("[environments.staging]", '[environments.staging]\nafter = "production"')
    assert "staging -> production -> staging" in str(refused(text))


# ---------------------------------------------------------------- hostile text


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 5000,
        "x = " + "[" * 5000 + "]" * 5000,
        "x = " + "{ a = " * 3000,
        "x = " + "1" * 5000,
        "x" + ".x" * 120_000 + " = 1",
        "[x" + " . 'x'" * 40_000 + "]",
        "a = { x" + '."x"' * 60_000 + " = 1 }",
        "x" * 200_000,
        "'" * 200_000,
        "x" + " " * 200_000 + "y",
        "x = 1979-13-40",
        "\0",
        "[[project]]\n",
        "project = [1]\n",
        "[project]\nname = { a = 1 }\n",
        "[suites]\nquality = 3\n[project]\nname = 'd'\n",
        "gates = 'x'\n[project]\nname = 'd'\n[suites.q]\nnotebooks = []\n",
        "suites = [1]\n[project]\nname = 'd'\n",
        "environments = [[1]]\n[project]\nname = 'd'\n[suites.q]\nnotebooks = []\n",
    ],
)
def test_hostile_text_is_a_plain_error_with_a_line(text: str) -> None:
    assert refused(text).details["line"] >= 1


def test_a_chain_of_notebooks_may_be_longer_than_pythons_stack() -> None:
    entries = [
        f'[[suites.q.notebooks]]\npath = "{n}.ipynb"\nafter = ["{n + 1}.ipynb"]\n'
        for n in range(2000)
    ]
    last = '[[suites.q.notebooks]]\npath = "2000.ipynb"\n'
    project = parse('[project]\nname = "d"\n' + "".join(entries) + last)
    assert project.cases("q")[0].id == "2000.ipynb"


def test_a_text_of_more_than_a_page_or_two_is_refused_unread() -> None:
    error = refused(SMALL + "#" * MAXIMAL_CONFIG_BYTES)
    assert (error.details["line"], "larger than 256 KiB" in str(error)) == (1, True)


def test_more_environments_than_a_ladder_has_rungs_are_refused() -> None:
    many = "".join(f"[environments.e{n}]\n" for n in range(MAXIMAL_ENVIRONMENTS + 1))
    assert "environments are refused" in str(refused(SMALL + many))


def test_a_matrix_of_too_many_cases_is_refused_before_it_is_made() -> None:
    lists = ", ".join(f"p{n} = [1, 2, 3, 4, 5, 6, 7, 8, 9]" for n in range(30))
    text = changed("matrix = { seed = [1, 2, 3] }", f"matrix = {{ {lists} }}")
    text = changed("candidate = { seed = 1 }", "", text)
    assert f"the suite has {9**30 + 1} cases" in str(refused(text))


@given(
    st.text(alphabet=st.sampled_from("[]{}=\"'.,#\n\\ab1-"), max_size=60),
    st.integers(0, len(FULL)),
)
def test_whatever_is_written_into_it_is_a_project_or_a_plain_error(noise: str, at: int) -> None:
    try:
        parse(FULL[:at] + noise + FULL[at:])
    except ConfigError as error:
        assert 1 <= error.details["line"] <= (FULL + noise).count("\n") + 1  # noqa: PT017
        assert str(error).startswith(f"mlcd.toml, line {error.details['line']}: ")  # noqa: PT017


REVIEWED = """
[project]
name = "digits"
signers = "people/signers"
[suites.quality]
notebooks = ["train.ipynb"]
[environments.production]
approvals = 2
separation-of-duties = true
approvals-expire = "30d"
"""


def test_an_environment_asks_for_approvals() -> None:
    project = parse(REVIEWED)
    table = project.environments["production"]
    assert (table.approvals, table.separation_of_duties) == (2, True)
    assert (table.approvals_expire, project.project.signers) == ("30d", "people/signers")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"30d"', '"a month"', 10),
        ("approvals = 2", "approvals = -1", 8),
        ('"people/signers"', '"../signers"', 4),
    ],
)
def test_approvals_that_make_no_sense_are_errors_with_their_line(
    old: str, new: str, line: int
) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(REVIEWED.replace(old, new))
    assert caught.value.details["line"] == line


ORIGIN = """
[project]
name = "digits"
[suites.quality]
notebooks = ["train.ipynb"]
[environments.production]
on-branch = "main"
built-by = "ci"
[environments.fast]
after = "production"
"""


def test_an_environment_asks_where_a_version_comes_from() -> None:
    table = parse(ORIGIN).environments["production"]
    assert (table.on_branch, table.built_by) == ("main", "ci")


@pytest.mark.parametrize("branch", ["release/*", "upstream/main", "feature-1.2", "*", "ü/ä"])
def test_a_branch_may_be_a_simple_pattern(branch: str) -> None:
    assert parse(ORIGIN.replace('"main"', f'"{branch}"')).environments["production"].on_branch


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [('"main"', f'"{bad}"', 7) for bad in ("/main", "a//b", "a..b", "main/", "a b", "--all", "x~1")]
    + [('"ci"', '" "', 8), ('"ci"', '"github "', 8)],
)
def test_what_names_no_branch_and_no_builder_is_an_error_with_its_line(
    old: str, new: str, line: int
) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(ORIGIN.replace(old, new))
    assert caught.value.details["line"] == line


def test_a_rung_wants_the_builder_that_a_later_one_asks_for() -> None:
    below = '[environments.staging]\n[environments.production]\nafter = "staging"'
    project = parse(ORIGIN.replace("[environments.production]", below))
    wanted = {name: project.builder_for(name) for name in project.environments}
    assert wanted == {"staging": "ci", "production": "ci", "fast": ""}


@pytest.mark.parametrize("url", ["s3://bucket/x", "az://models/digits", "sftp://ada@host/models"])
def test_a_folder_may_be_in_any_store(url: str) -> None:
    text = changed("releases/staging", url)
    assert parse(text).target("staging") == FolderTable(url)


FLOWING = """
[project]
name = "digits"
[suites.quality]
notebooks = ["train.ipynb"]
[suites.smoke]
notebooks = ["smoke.ipynb"]
[[gates]]
metric = "accuracy"
better-than = "production"
[environments.production]
deliver = "automatic"
cool-down = "10m"
verify = "smoke"
freeze = [
  { from = 2026-12-20, until = 2027-01-02, why = "Christmas" },
  { days = ["fri"], between = "16:00-23:59", zone = "Europe/Berlin", why = "weekend" },
]
"""


def test_an_environment_can_deliver_by_itself() -> None:
    project = parse(FLOWING)
    own = project.environments["production"]
    assert (project.is_automatic("production"), own.cool_down, len(own.freeze)) == (True, "10m", 2)


def test_what_checks_afterwards_is_not_asked_for_before() -> None:
    assert parse(FLOWING).suites_for("production") == ("quality",)
    both = FLOWING.replace('verify = "smoke"', 'verify = "smoke"\nsuites = ["quality", "smoke"]')
    assert parse(both).suites_for("production") == ("quality", "smoke")


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('better-than = "production"', "at-least = 0.9", "deliver", "also a worse one"),
        ('cool-down = "10m"', 'cool-down = "soon"', "cool-down", "is not a duration"),
        ("16:00-23:59", "16-24", "freeze.1", "two times of day"),
        ('why = "Christmas"', 'why = ""', "freeze.0", "says why"),
        ('["fri"]', '["friday"]', "freeze.1.days.0", "invalid enum value"),
        ("between", "betwen", "freeze.1.betwen", "unknown key"),
        ("2026-12-20", '"Christmas"', "freeze.0.from", "date"),
    ],
)
def test_a_fault_of_an_environment_that_delivers_by_itself_is_told(
    old: str, new: str, key: str, words: str
) -> None:
    text = FLOWING.replace(old, new)
    error = refused(text)
    assert error.details["key"] == f"environments.production.{key}"
    assert words in error.message


@pytest.mark.parametrize("store", ["s3://models/digits", "file:///mnt/models", "memory://models"])
def test_a_shared_store_is_an_address(store: str) -> None:
    text = FLOWING.replace("[project]", f'[project]\nstore = "{store}"')
    assert parse(text).project.store == store


@pytest.mark.parametrize(
    ("store", "words"),
    [
        ("models", "is not the address of a store"),
        ("file://models", "is not the address of a store"),
        ("https://example.org/models", "is not a folder that can be written to"),
        ("s3://ada:key@models/digits", "an address holds no key"),
        ("az://models/digits?sig=abc", "an address holds no key"),
    ],
)
def test_a_store_that_is_none_or_has_a_key_is_refused(store: str, words: str) -> None:
    error = refused(FLOWING.replace("[project]", f'[project]\nstore = "{store}"'))
    assert error.details["key"] == "project.store"
    assert words in error.message


def test_a_suite_is_left_that_is_run_before() -> None:
    text = FLOWING.replace('[suites.quality]\nnotebooks = ["train.ipynb"]\n', "")
    assert "no suite is left" in refused(text).message


@pytest.mark.parametrize(
    ("table", "key", "words"),
    [
        ('repository = "https://ada:key@x/y"', "repository", "an address holds no key"),
        ('repository = "https://ghp_abc@x/y"', "repository", "an address holds no key"),
        ('repository = "-u"', "repository", "an address holds no key"),
        ('file = "../a.yaml"', "file", "leaves the repository of the application"),
        ('set = ""', "set", "one of `set` and `pattern`"),
        ('pattern = "v={version}"', "set", "one of `set` and `pattern`"),
        ('set = { "a.b" = "{digest}" }', "set", "`{version}` has to stand in what is set"),
        ('set = { "a.b" = "{version}\\n" }', "set", "what is set is one line"),
        ('url = "http://x"', "url", "a key is not sent to this address"),
    ],
)
def test_what_an_application_is_set_by_is_checked(table: str, key: str, words: str) -> None:
    name, _, value = table.partition(" = ")
    given = {"repository": '"us/shop"', "file": '"a.yaml"', "set": '"a.b"', name: value}
    line = ", ".join(f"{one} = {other}" for one, other in given.items())
    error = refused(changed('kind = "folder", url = "releases/staging"',
                            f'kind = "application", {line}'))  # fmt: skip
    assert error.details["key"] == f"environments.staging.target.{key}"
    assert words in error.message


def test_an_application_on_a_server_by_ssh_is_no_key() -> None:
    made = parse(changed(
        'kind = "folder", url = "releases/staging"',
        'kind = "application", repository = "ssh://git@x/y.git", file = "a", pattern = "{version}"',
    ))  # fmt: skip
    assert made.target("staging").__struct_config__.tag == "application"
