"""How benchmarks sum up and print what they measured."""

import json
from pathlib import Path

from tests.bench.figures import Side, figure, save, table


def test_a_ratio_is_that_of_the_pairs() -> None:
    calm_then_busy = figure('click', [100, 200, 900], against=Side('plain', [50, 100, 450]))
    assert (calm_then_busy.value, calm_then_busy.other_value, calm_then_busy.ratio) == (200, 100, 2)


def test_a_ratio_without_pairs_is_that_of_the_medians() -> None:
    assert figure('sound', [10, 20, 30], against=Side('one call', [10])).ratio == 2


def test_nothing_on_the_other_side_has_no_ratio() -> None:
    assert figure('late', [0, 0], against=Side('former', [0, 0])).ratio is None


def test_the_table_has_both_sides_and_the_file_the_same(tmp_path: Path) -> None:
    seen = figure('start', [1468.2], against=Side('empty program', [560]))
    heading, row = table([seen]).splitlines()
    assert heading.split() == ['median', 'p95', 'ratio', 'other', 'side', 'n', 'load']
    assert row.split()[:5] == ['start', '1,468', 'ms', '1,468', '2.62']
    save([seen], tmp_path / 'figures.json')
    (kept,) = json.loads((tmp_path / 'figures.json').read_text())['figures']
    assert (kept['name'], kept['value'], kept['other'], kept['other_value']) == ('start', 1468.2, 'empty program', 560)
