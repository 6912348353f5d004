"""English abbreviations, addresses and identifiers in words."""

import re


def expand_abbreviations(text: str) -> str:
    """Return the text with abbreviations written out, and with the dots of addresses and file names in words."""
    for pattern, replacement in _ABBREVIATIONS:
        text = pattern.sub(replacement, text)
    return _ADDRESS.sub(_spoken_address, text)


def _spoken_address(found: re.Match[str]) -> str:
    address = found[0].removeprefix('www.').removeprefix('WWW.')
    return address.replace('@', ' at ').replace('.', ' dot ').replace('/', ' slash ').replace('-', ' dash ')


_TABLE = {
    r'e\. ?g\.,?': 'for example',
    r'i\. ?e\.,?': 'that is',
    r'etc\.': 'et cetera',
    r'vs\.?': 'versus',
    r'approx\.': 'approximately',
    r'a\.k\.a\.|aka': 'also known as',
    r'et al\.': 'and others',
    r'cf\.': 'compare',
    r'ca\.(?= ?\d)': 'about',
    r'w/o(?= )': 'without',
    r'w/(?= )': 'with',
    r'fig\.(?= ?\d)': 'figure',
    r'vol\.(?= ?\d)': 'volume',
    r'pp\.(?= ?\d)': 'pages',
    r'p\.(?= ?\d)': 'page',
    r'ch\.(?= ?\d)': 'chapter',
}
_TITLES = {
    r'No\.(?= ?\d)': 'number',
    r'Dr\.?(?= [A-Z])': 'Doctor',
    r'Mr\.?(?= [A-Z])': 'Mister',
    r'Mrs\.?(?= [A-Z])': 'Missus',
    r'Ms\.(?= [A-Z])': 'Miz',
    r'Prof\.?(?= [A-Z])': 'Professor',
    r'St\.(?= [A-Z])': 'Saint',
    r'(?<=[a-z] )St\.': 'Street',
    r'(?<=[a-z] )Jr\.': 'Junior',
    r'(?<=[a-z] )Sr\.': 'Senior',
    r'C\+\+': 'C plus plus',
    r'C#': 'C sharp',
    r'Inc\.': 'Incorporated',
    r'Ltd\.': 'Limited',
}
_ABBREVIATIONS = [
    *((re.compile(rf'(?<![^\W\d])(?<!\.)(?:{short})', re.IGNORECASE), long) for short, long in _TABLE.items()),
    *((re.compile(rf'(?<![\w.]){short}'), long) for short, long in _TITLES.items()),
]
_DOMAINS = 'com|org|net|io|dev|ai|app|edu|gov|info|eu|de|fr|uk|us|ca|jp|cn|ch|at|nl|it|es'
_FILES = 'py|js|ts|json|md|txt|html|css|csv|ya?ml|toml|xml|sh|exe|pdf|png|jpe?g|gif|mp3|mp4|wav|zip|gz|env|log|ini|cfg'
_ADDRESS = re.compile(
    rf'(?<![\w@.-])(?:[\w.+-]+@)?(?:[\w-]+\.)+(?:{_DOMAINS}|{_FILES})(?:/[\w./-]*\w)?(?![\w-])(?!\.\w)', re.IGNORECASE
)
