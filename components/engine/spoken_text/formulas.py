r"""Reads formulas in LaTeX, such as `$\frac{a}{b}$`, as English words."""

import re


def replace_formulas(text: str, *, english: bool) -> str:
    """Return the text with its formulas in words; without them if it is not `english`. Code spans are kept."""

    def words(found: re.Match[str]) -> str:
        if found['code']:
            return found[0]
        formula = next(part for part in found.group('display', 'block', 'round', 'dollar') if part is not None)
        return f' {formula_in_words(formula)} ' if english else ' '

    return _FORMULA.sub(words, text)


def formula_in_words(formula: str) -> str:
    """Return a formula in words and signs of arithmetic; '' if it holds commands that have no words here."""
    text = re.sub(r'\\(?:text|mathrm|mathbf|mathit|operatorname|boxed|left|right|displaystyle)\b', '', formula)
    text = re.sub(r'\\(?:begin|end)\{[^}]*\}|\\[,;:!]|\\\s|\\\\|&', ' ', text)
    for _ in range(_DEEPEST):
        before = text
        for pattern, replacement in _STRUCTURES:
            text = pattern.sub(replacement, text)
        if text == before:
            break
    for sign, word in _SIGNS.items():
        text = text.replace(sign, f' {word} ')
    text = re.sub(r'\\([A-Za-z]+)', lambda found: f' {_COMMANDS.get(found[1], _UNKNOWN)} ', text)
    if _UNKNOWN in text or len(text) > _LONGEST:
        return ''
    text = re.sub(r'(?<=[\w)])\s*\'', ' prime', text)
    text = re.sub(r'\b(\d+)([A-Za-z])\b', r'\1 \2', text)
    return ' '.join(re.sub(r'[{}\\$_]', ' ', text).split())


_FORMULA = re.compile(
    r'(?P<code>(?<!`)(`+)(?!`).*?(?<!`)\2(?!`))'
    r'|\$\$(?P<display>.+?)\$\$'
    r'|\\\[(?P<block>.+?)\\\]'
    r'|\\\((?P<round>.+?)\\\)'
    # Pandoc's rule, which tells formulas from prices: no space inside the signs, and no digit behind them.
    r'|(?<![\w$\\])\$(?!\s)(?P<dollar>[^$`\n]{1,200}?)(?<![\s\\])\$(?![\w$])',
    re.DOTALL,
)
_GROUP = r'(?:\{([^{}]*)\}|(\w))'
_STRUCTURES = [
    (re.compile(r'\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}'), r' \1 over \2 '),
    (re.compile(r'\\[dt]?frac\s*(\w)(\w)'), r' \1 over \2 '),
    (re.compile(r'\\sqrt\s*\[3\]\s*\{([^{}]*)\}'), r' the cube root of \1 '),
    (re.compile(r'\\sqrt\s*\[([^\]]*)\]\s*\{([^{}]*)\}'), r' the \1th root of \2 '),
    (re.compile(rf'\\sqrt\s*{_GROUP}'), r' the square root of \1\2 '),
    (
        re.compile(r'\\(sum|prod|int)\s*_\s*(?:\{([^{}]*)\}|(\w))\s*\^\s*(?:\{([^{}]*)\}|(\\?\w+))'),
        r' \\\1 from \2\3 to \4\5 of ',
    ),
    (re.compile(r'\\lim\s*_\s*\{([^{}]*)\}'), r' the limit as \1 of '),
    (re.compile(r'\^\s*\{?\\circ\}?\s*C\b'), ' degrees Celsius '),
    (re.compile(r'\^\s*\{?\\circ\}?'), ' degrees '),
    (re.compile(r'\^\s*(?:\{2\}|2(?!\d))'), ' squared '),
    (re.compile(r'\^\s*(?:\{3\}|3(?!\d))'), ' cubed '),
    (re.compile(r"\^\s*(?:\{'+\}|\{?\\prime\}?)"), ' prime '),
    (re.compile(r'\^\s*(?:\{([^{}]*)\}|(\\?\w))'), r' to the power of \1\2 '),
    (re.compile(r'_\s*(?:\{([^{}]*)\}|(\\?\w))'), r' \1\2 '),
]
_GREEK = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
"""
_UNKNOWN = '\0'
_SIGNS = {'+': 'plus', '-': 'minus', '*': 'times', '/': 'over', '<': 'is less than', '>': 'is greater than'}
_COMMANDS = {
    **{name: name for name in _GREEK.split()},
    **{name.capitalize(): f'capital {name}' for name in _GREEK.split()},
    **dict.fromkeys(('varepsilon',), 'epsilon'),
    **{name: name for name in ('log', 'ln', 'max', 'min', 'exp')},
    **dict.fromkeys(('times', 'cdot'), ' times '),
    **dict.fromkeys(('leq', 'le'), ' is at most '),
    **dict.fromkeys(('geq', 'ge'), ' is at least '),
    **dict.fromkeys(('neq', 'ne'), ' is not equal to '),
    **dict.fromkeys(('approx', 'sim', 'simeq'), ' is about '),
    **dict.fromkeys(('rightarrow', 'to', 'mapsto', 'longrightarrow'), ' to '),
    **dict.fromkeys(('Rightarrow', 'implies'), ' implies '),
    **dict.fromkeys(('quad', 'qquad', 'limits', 'big', 'Big', 'bigl', 'bigr'), ' '),
    **dict.fromkeys(('dots', 'ldots', 'cdots'), ' and so on '),
    'div': ' divided by ',
    'pm': ' plus or minus ',
    'infty': 'infinity',
    'sin': 'the sine of',
    'cos': 'the cosine of',
    'tan': 'the tangent of',
    'sum': 'the sum',
    'prod': 'the product',
    'int': 'the integral',
    'partial': 'partial',
    'in': ' is in ',
    'equiv': ' is equivalent to ',
    'propto': ' is proportional to ',
    'cup': ' union ',
    'cap': ' intersected with ',
    'circ': ' degrees ',
    'angle': 'angle',
    'percent': 'percent',
}
_DEEPEST = 8  # nested structures
_LONGEST = 400  # characters that are read out
