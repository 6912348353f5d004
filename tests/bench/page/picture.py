"""How much script a frame of the voices' picture takes while both speak: 600 x 400 pixels, and a budget of 0.5 ms.

python -m tests.bench.page.picture
"""

import asyncio

from tests.bench.figures import figure, table
from tests.bench.fresh import fresh
from tests.e2e.javascript.test_voices import SETUP
from tests.e2e.modules import import_modules

FRAMES = 600


async def main() -> None:
    async with fresh() as start:
        browser = await start.chromium.launch('silent', '--js-flags=')  # it compiles as everybody's does
        page = await browser.new_page()
        await import_modules(page, start.parley, 'voices_picture')
        await page.evaluate(SETUP, {'calm': False})
        await page.evaluate('() => { costs.length = 0; speak(-20, -20); }')
        await page.wait_for_function('(frames) => costs.length > frames', arg=FRAMES)
        costs: list[float] = await page.evaluate('costs')
        await browser.close()
    print(table([figure("script of a frame of the voices' picture", costs)]))


if __name__ == '__main__':
    asyncio.run(main())
