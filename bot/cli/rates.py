"""The operator's own currency rates: `rates.toml` in KYC_HOME, in place of the dated table in the code."""

from __future__ import annotations

import re
import tomllib

from bot.monitoring.money import adopt
from bot.settings import Settings, SettingsError

FILE = "rates.toml"
CODE = re.compile("[A-Z]{3}")


def own_rates(settings: Settings) -> None:
    """Use them from here on, where there are any. Raises SettingsError.

    The file has one table, [euro], with what one unit is worth in euro, like `GBP = 1.17`.
    """
    path = settings.kyc_home / FILE
    try:
        rates = dict(tomllib.loads(path.read_text())["euro"])
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{FILE}: no table [euro] can be read: {error}") from None
    for name, rate in rates.items():
        number = isinstance(rate, int | float) and not isinstance(rate, bool) and 0 < rate < 1e6
        if CODE.fullmatch(name) is None or not number:
            raise SettingsError(
                f"{FILE}: {name} = {rate!r} is no rate; write what one is worth in euro, like GBP = 1.17"
            )
    adopt(rates)
