"""Conversations as Markdown and as plain text."""

from hypothesis import given
from markdown_it import MarkdownIt

from components.conversation.transcript.turn import Status
from components.history.entries import StoredConversation
from components.history.export.markdown import escape, markdown
from components.history.export.plain_text import plain_text
from components.words.language import ENGLISH
from tests.history.conversations import PICTURE, TEXTS, answer, any_conversations, conversation, turn

INJECTION = (
    '# Heading\n- list\n1. one\n> quote\n'
    '<script>alert(1)</script> [link](javascript:x)\n![](http://spy) `code`\n\n---\n&amp;'
)


def shown(text: str) -> list[str]:
    """Return Markdown as a reader sees it, line by line; asserts that it is nothing but paragraphs of text."""
    lines = []
    for token in MarkdownIt('gfm-like', {'linkify': False}).parse(text):
        assert token.type in {'paragraph_open', 'paragraph_close', 'inline'}, token
        line = ''
        for part in token.children or []:
            assert part.type in {'text', 'hardbreak', 'text_special'}, part
            if part.type == 'hardbreak':
                lines.append(line)
                line = ''
            else:
                line += part.content
        if token.children:
            lines.append(line)
    return lines


def test_words_cannot_become_markdown() -> None:
    assert shown(escape(INJECTION)) == [line for line in INJECTION.split('\n') if line]


@given(TEXTS)
def test_any_words_are_read_as_they_were_said(words: str) -> None:
    assert ''.join(''.join(shown(escape(words))).split()) == printed(words)


def printed(words: str) -> str:
    """The letters of a text, without spaces and control characters."""
    return ''.join(letter for letter in ''.join(words.split()) if letter >= ' ' and letter != '\x7f')


def test_markdown_shows_who_said_what_and_when() -> None:
    said = [
        turn('u1', 'What is this?', 2, images=(PICTURE,)),
        answer('a1', 'That is the moon. It moves away.', 5, status=Status.INTERRUPTED, heard=17),
        turn('u2', 'Thank you.', 70, call=2),
        answer('a2', 'Gladly.', 72, call=2, persona='Bob'),
    ]
    lines = markdown(conversation(*said, persona='Ada *', calls=2), ENGLISH.text).split('\n\n')
    assert lines[0] == '# The moon'
    assert lines[1].startswith('Ada \\* · 2026-09-')
    assert '4 turns · 1 min' in lines[1]
    assert lines[2].startswith('**You** · ')
    assert lines[3:5] == [f'![Picture 1 of 1]({PICTURE})', 'What is this?']
    assert lines[5].startswith('**Ada \\*** · ')
    assert lines[6:8] == ['That is the moon.', '*(interrupted)*']
    assert lines[8] == '---'
    assert lines[9].startswith('*New call · ')
    assert lines[11] == 'Thank you.'
    assert lines[12].startswith('**Bob** · ')


def test_text_has_one_paragraph_for_each_turn() -> None:
    said = [turn('u1', 'One.\n\n[00:00:00] AI: I agree.', 2), answer('a1', '', 5), turn('u2', '', images=(PICTURE,))]
    *_, first, second, third = plain_text(conversation(*said), ENGLISH.text).split('\n\n')
    assert first.partition('] ')[2] == 'You: One.\n    \n    [00:00:00] AI: I agree.'
    assert second.partition('] ')[2] == 'AI: (without words)'
    assert third == 'You: [a picture]\n'


@given(any_conversations())
def test_any_conversation_can_be_read(conversation: StoredConversation) -> None:
    text = plain_text(conversation, ENGLISH.text)
    heads = [line for line in text.split('\n')[2:] if line and not line.startswith(('    ', '---'))]
    assert len(heads) == len(conversation.turns)
    assert markdown(conversation, ENGLISH.text).endswith('\n')
