"""An answer in Markdown becomes a tree of few elements, and never HTML."""

import pytest

from components.conversation.rows.formatted_text import LONGEST, formatted
from components.conversation.rows.formula import ATTRIBUTES, ELEMENTS
from components.conversation.rows.node import Node


def html(node: Node | str) -> str:
    """Write an element as one would in HTML."""
    if isinstance(node, str):
        return node
    attributes = ''.join(f' {name}={value}' for name in ('href', 'align') if (value := getattr(node, name)))
    start = f' start={node.start}' if node.start != 1 else ''
    return f'<{node.tag}{attributes}{start}>{"".join(map(html, node.children))}</{node.tag}>'


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ('# Tea\nBoil **water**, *slowly*.', '<h3>Tea</h3><p>Boil <strong>water</strong>, <em>slowly</em>.</p>'),
        ('###### Deep', '<h6>Deep</h6>'),
        ('- a\n- b\n  1. c', '<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>'),
        ('3. a\n\n   more\n4. b', '<ol start=3><li><p>a</p><p>more</p></li><li><p>b</p></li></ol>'),
        ('Use `print(x)`.\nNow.', '<p>Use <code>print(x)</code>.<br></br>Now.</p>'),
        ('```py\nx = 1 < 2\n```', '<pre>x = 1 < 2</pre>'),
        ('> Quote', '<blockquote><p>Quote</p></blockquote>'),
        ('a ~~b~~', '<p>a <s>b</s></p>'),
        ('One\n\n---\n\nTwo', '<p>One</p><hr></hr><p>Two</p>'),
        (
            '| a | b |\n|---|--:|\n| 1 | 2 |',
            '<table><thead><tr><th>a</th><th align=right>b</th></tr></thead>'
            '<tbody><tr><td>1</td><td align=right>2</td></tr></tbody></table>',
        ),
        ('[here](https://a.example "t")', '<p><a href=https://a.example>here</a></p>'),
        ('See https://a.example/b.', '<p>See <a href=https://a.example/b>https://a.example/b</a>.</p>'),
        ('![a cat](https://a.example/cat.png)', '<p><a href=https://a.example/cat.png>a cat</a></p>'),
    ],
)
def test_markdown_becomes_elements(text: str, shown: str) -> None:
    assert ''.join(map(html, formatted(text))) == shown


@pytest.mark.parametrize(
    'text',
    [
        '**a** <img src=x onerror=alert(1)>',
        '**a**\n\n<script>alert(1)</script>\n',
        '**a** [b](javascript:alert(1))',
        '**a** [b](JaVaScRiPt:alert(1))',
        '**a** [b](data:text/html,x)',
        '**a** [b](file:///etc/passwd)',
        '**a** [b](//a.example)',
        '**a** <javascript:alert(1)>',
    ],
)
def test_html_and_other_addresses_stay_text(text: str) -> None:
    def elements(node: Node | str) -> set[str]:
        return set() if isinstance(node, str) else {node.tag}.union(*map(elements, node.children))

    assert set[str]().union(*map(elements, formatted(text))) == {'p', 'strong'}


@pytest.mark.parametrize(
    'text', ['Hello.', 'One line.\nAnother.\n\nAnd more.', 'It costs $5 * 3.', '5 < 6', '#1', 'a' * LONGEST + '**b**']
)
def test_what_looks_like_plain_text_is_plain_text(text: str) -> None:
    assert formatted(text) == ()


@pytest.mark.parametrize('deep', ['> ' * 500 + 'a', '*' * 5_000 + 'a' + '*' * 5_000, '- ' * 500 + 'a', '*a **' * 5_000])
def test_a_text_that_is_nested_too_deeply_is_plain_text(deep: str) -> None:
    assert formatted(deep) == ()


def test_nested_text_is_formatted() -> None:
    assert formatted('> ' * 5 + '**deep**')


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ('So $x^2$ it is.', '<p>So <math><msup><mi>x</mi><mn>2</mn></msup></math> it is.</p>'),
        ('So \\(x\\) it is.', '<p>So <math><mi>x</mi></math> it is.</p>'),
        ('Here:\n\\[\nx\n\\]\nEnd', '<p>Here:<br></br><math><mi>x</mi></math><br></br>End</p>'),
        ('\\[ x \\]', '<math><mi>x</mi></math>'),
        ('$$\nx\n$$', '<math><mi>x</mi></math>'),
        ('$a \\ge b$ *', '<p><math><mi>a</mi><mo>\u2265</mo><mi>b</mi></math> *</p>'),
        ('It costs $5 *or* $6.', '<p>It costs $5 <em>or</em> $6.</p>'),
    ],
)
def test_a_formula_becomes_elements_of_mathml(text: str, shown: str) -> None:
    assert ''.join(map(html, formatted(text))).replace('<mrow>', '').replace('</mrow>', '') == shown


@pytest.mark.parametrize('latex', ['\\frac{', 'x' * 1001, '\\frac{1}{' * 40 + 'x' + '}' * 40])
def test_a_formula_that_is_not_understood_is_shown_as_it_was_written(latex: str) -> None:
    assert formatted(f'${latex}$') == (Node('p', (Node('code', (latex,)),)),)


def test_a_formula_links_to_nothing_and_styles_nothing() -> None:
    (paragraph,) = formatted(r'$\href{javascript:alert(1)}{x} \color{red}y \class{b}{z} \style{c}{w} \text{<b>}$')
    (math,) = paragraph.children
    nodes = [math]
    for node in nodes:
        assert isinstance(node, Node)
        assert node.tag in ELEMENTS
        assert node.attributes.keys() <= ATTRIBUTES
        assert not node.attributes.keys() & {'href', 'src', 'style', 'class', 'id'}
        nodes += [child for child in node.children if isinstance(child, Node)]
