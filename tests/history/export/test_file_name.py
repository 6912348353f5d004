"""Names of files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.history.export.file_name import UniqueNames, file_name


@pytest.mark.parametrize(
    ('title', 'name'),
    [
        ('The moon', 'The moon.md'),
        ('月亮有多远？', '月亮有多远？.md'),
        ('What/is\\this: "<it>|*?"', 'What is this it.md'),
        ('../../etc/passwd', 'etc passwd.md'),
        ('CON', '_CON.md'),
        ('com1.tar', '_com1.tar.md'),
        ('Contents', 'Contents.md'),
        ('  dots. . ', 'dots.md'),
        ('evil\u202egnp.exe\n', 'evil gnp.exe.md'),
        ('', 'conversation.md'),
        ('???', 'conversation.md'),
        ('x' * 500, 'x' * 80 + '.md'),
    ],
)
def test_names_are_safe(title: str, name: str) -> None:
    assert file_name(title, 'md') == name


@given(st.text(max_size=200))
def test_any_title_gives_a_short_name_without_folders(title: str) -> None:
    name = file_name(title, 'json')
    assert len(name.encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*\0\n\r\t')
    assert name.strip('. ') == name


def test_names_differ_also_where_case_does_not_count() -> None:
    names = UniqueNames()
    assert [names.take(title, 'md') for title in ('Moon', 'moon', 'MOON', 'Moon (2)')] == [
        'Moon.md',
        'moon (2).md',
        'MOON (3).md',
        'Moon (2) (2).md',
    ]
