from __future__ import annotations

from typing import Any

import pytest

from jupyter_mlcd.model.notebook_look import NotebookLook, is_local, is_model_file, look_at


def a_notebook(*sources: str, language: str = "python", **metadata: Any) -> dict[str, Any]:
    cells = [
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": []} for source in sources
    ]
    return {"cells": cells, "metadata": {"kernelspec": {"language": language}, **metadata}}


def looked(*sources: str, path: str = "a.ipynb", language: str = "python") -> NotebookLook:
    return look_at(a_notebook(*sources, language=language), path)


@pytest.mark.parametrize(
    "source",
    [
        "df.to_csv('out.csv', index=False)",
        "joblib.dump(model, 'out.csv')",
        "plt.savefig('out.csv')",
        "open('out.csv', 'w').write('x')",
        "open('out.csv', mode='wb')",
        "with open('out.csv', 'a') as file:\n    file.write('x')",
        "pickle.dump(model, open('out.csv', 'wb'))",
        "Path('out.csv').write_text('x')",
        "Path('out.csv').open('w')",
        "np.savez('out.csv', x=x)",
        "torch.save(model.state_dict(), 'out.csv')",
        "PLACE = 'out.csv'\njoblib.dump(model, PLACE)",
        "%time df.to_csv('x')\ndf.to_csv('out.csv')",
        "df.to_parquet(path='out.csv')",
    ],
)
def test_a_file_that_is_written_is_found(source: str) -> None:
    assert looked(source).writes == ("out.csv",)
    assert looked(source).reads == ()


@pytest.mark.parametrize(
    "source",
    [
        "pd.read_csv('in.csv')",
        "open('in.csv').read()",
        "open('in.csv', 'rb')",
        "np.load('in.csv')",
        "joblib.load('in.csv')",
        "Path('in.csv').read_bytes()",
        "json.load(open('in.csv'))",
    ],
)
def test_a_file_that_is_read_is_found(source: str) -> None:
    assert looked(source).reads == ("in.csv",)
    assert looked(source).writes == ()


def test_a_path_put_together_from_texts_is_found() -> None:
    source = "from pathlib import Path\nDATA = Path('data') / 'raw'\npd.read_csv(DATA / 'in.csv')"
    assert looked(source).reads == ("data/raw/in.csv",)


def test_a_name_with_two_values_is_not_guessed() -> None:
    assert looked("A = 'a.csv'", "A = 'b.csv'", "df.to_csv(A)").writes == ()


def test_a_text_that_is_no_file_is_none() -> None:
    assert looked("open('hello world')", "df.to_csv(f'{x}.csv')", "json.dumps('a.b')").writes == ()


def test_paths_are_those_of_the_project() -> None:
    look = looked("pd.read_csv('../data/in.csv')", "x.to_csv('out.csv')", path="deep/a.ipynb")
    assert look.writes == ("deep/out.csv",)
    assert look.reads == ("data/in.csv",)


def test_a_path_out_of_the_project_is_not_local() -> None:
    (path,) = looked("x.to_csv('../out.csv')").writes
    assert not is_local(path)


def test_what_is_written_to_the_network_stands_as_it_is() -> None:
    (path,) = looked("df.to_parquet('s3://bucket/x.parquet')").writes
    assert path == "s3://bucket/x.parquet"
    assert not is_local(path)


def test_scores_that_are_recorded_are_named() -> None:
    assert looked("record('accuracy', 0.9)", "sb.glue('f1', 0.8)").records == ("accuracy", "f1")


def test_r_is_looked_at_by_its_words() -> None:
    look = looked("x <- read.csv('in.csv')\nsaveRDS(model, \"model.rds\")", language="R")
    assert (look.reads, look.writes) == (("in.csv",), ("model.rds",))


def test_how_long_it_took_is_known_where_papermill_or_jupyterlab_saved_it() -> None:
    told = a_notebook("1", papermill={"duration": 9.25})
    assert look_at(told, "a.ipynb").seconds == 9.25
    timed = a_notebook("1")
    timed["cells"][0]["metadata"]["execution"] = {
        "iopub.execute_input": "2026-01-01T10:00:00.000Z",
        "shell.execute_reply": "2026-01-01T10:00:02.500Z",
    }
    assert look_at(timed, "a.ipynb").seconds == 2.5
    assert looked("1").seconds is None


@pytest.mark.parametrize(
    ("path", "expected"), [("m.joblib", True), ("net.PT", True), ("x.csv", False), ("pkl", False)]
)
def test_models_are_told_by_their_ending(path: str, expected: bool) -> None:
    assert is_model_file(path) is expected


@pytest.mark.parametrize("source", ["def (", "%%bash\necho 'x' > y.csv", "\x00", "(" * 500])
def test_what_is_not_python_is_looked_over(source: str) -> None:
    assert looked(source, "x.to_csv('out.csv')").writes == ("out.csv",)
