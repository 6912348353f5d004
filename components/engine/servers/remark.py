"""What the engine tells its owner about itself."""


class Remark(str):
    """A sentence in English which also knows its code and values, for those who have words of their own for it.

    Without a code, as what comes from the engine's processes, it can only be told as it is.
    """

    __slots__ = ('code', 'values')

    code: str
    values: dict[str, str]

    def __new__(cls, sentence: str, code: str = '', **values: str) -> 'Remark':
        remark = super().__new__(cls, sentence)
        remark.code = code
        remark.values = values
        return remark
