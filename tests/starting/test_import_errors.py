"""A missing package, or one that can't be loaded, is explained in one sentence."""

import sys

import pytest

from components.starting.import_errors import INSTALL, explain, missing


def test_a_missing_package_is_named_with_the_command_that_installs_it() -> None:
    error = ModuleNotFoundError("No module named 'nicegui.ui'", name='nicegui.ui')
    assert missing(error) == f'Parley needs the package nicegui. Install it: {INSTALL}'


def test_a_package_that_cannot_be_loaded_is_named_with_its_reason() -> None:
    error = ImportError('libssl.so: no such file', name='av._core')
    assert missing(error).startswith("Parley can't load the package av (libssl.so: no such file). Install it again: ")


def test_a_fault_in_parleys_own_code_keeps_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    explain(ImportError, ImportError('no Foo', name='components.call'), None)
    explain(ZeroDivisionError, ZeroDivisionError('division by zero'), None)
    assert capsys.readouterr().err.splitlines() == ['ImportError: no Foo', 'ZeroDivisionError: division by zero']


@pytest.mark.parametrize(
    ('error', 'said'),
    [
        (KeyboardInterrupt(), '\n'),
        (PermissionError(13, 'Permission denied', 'x'), "Parley can't use x: Permission denied.\n"),
    ],
)
def test_ctrl_c_and_unusable_files_end_without_a_traceback(
    error: BaseException, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    explain(type(error), error, None)
    assert capsys.readouterr().err == said


def test_the_program_has_installed_it() -> None:
    import main  # noqa: F401

    assert sys.excepthook is explain
