"""An independent answer to when schedules are due, for the test `ten_simulated_years`.

Shares nothing with the crate but the rules it documents and the zone files it is pointed at (PYTHONTZPATH): the cron fields are parsed here,
time zones are Python's zoneinfo, and the method is another. It first lists every wall time at which an expression would strike if clocks
never changed; then it watches the clock of the zone tick from change to change, and notes when each of them is shown.

Reads {"from", "to", "zones", "schedules"} on standard input, with instants in seconds. Prints a line for each zone and schedule: the number of instants
in (from, to] and the SHA-256 of them as little-endian 64-bit integers. With {"list": [zone, schedule]} it prints the instants instead.
"""

import calendar
import datetime
import hashlib
import json
import sys
from array import array
from bisect import bisect_left
from zoneinfo import ZoneInfo

DAY = 86400
MARGIN = 10 * DAY
SHORT = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
         "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *"}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()


def field(text, low, high, names=(), base=0):
    """The set of values of one field."""
    def number(word):
        return names.index(word.lower()[:3]) + base if word[0].isalpha() else int(word)

    found = set()
    for item in text.split(","):
        body, slash, step = item.partition("/")
        if body in ("*", "?"):
            first, last = low, high
        elif "-" in body:
            first, last = map(number, body.split("-"))
            if last < first and last == base and names is DAYS:
                last += 7  # fri-sun
        else:
            first = number(body)
            last = high if slash else first
        found.update(range(first, last + 1, int(step or 1)))
    return found


class Cron:
    def __init__(self, text):
        words = SHORT.get(text, text).split()
        crontab = len(words) == 5
        if crontab:
            words = ["0"] + words
        words += ["*"] * (7 - len(words))
        second, minute, hour, day, month, weekday, year = words
        hours = field(hour, 0, 23)
        self.beat = hours == set(range(24))
        self.times = sorted(h * 3600 + m * 60 + s for h in hours for m in field(minute, 0, 59) for s in field(second, 0, 59))
        self.days, self.months = field(day, 1, 31), field(month, 1, 12, MONTHS, 1)
        if crontab:
            self.weekdays = {d % 7 for d in field(weekday, 0, 6, DAYS, 0)}
        else:
            self.weekdays = {d - 1 for d in field(weekday, 1, 7, DAYS, 1)}
        self.years = None if year == "*" else field(year, 1970, 2100)
        self.either = crontab and day[0] not in "*?" and weekday[0] not in "*?"

    def on(self, date):
        if date.month not in self.months or (self.years is not None and date.year not in self.years):
            return False
        day, weekday = date.day in self.days, date.isoweekday() % 7 in self.weekdays
        return (day or weekday) if self.either else (day and weekday)

    def walls(self, begin, end):
        """Every wall time that matches, counted as if the clock showed UTC."""
        found = array("q")
        for midnight in range(begin // DAY * DAY, end, DAY):
            if self.on(datetime.date(1970, 1, 1) + datetime.timedelta(days=midnight // DAY)):
                found.extend([midnight + time for time in self.times])
        return found


def stretches(zone, begin, end):
    """(from, until, offset) between the changes of a zone: found by asking every hour, then every second that is needed."""
    info = ZoneInfo(zone)

    def ahead(at):
        return round(datetime.datetime.fromtimestamp(at, info).utcoffset().total_seconds())

    found, since, offset = [], begin, ahead(begin)
    for at in range(begin + 3600, end, 3600):
        if ahead(at) != offset:
            low, high = at - 3600, at
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if ahead(middle) == offset else (low, middle)
            found.append((since, high, offset))
            since, offset = high, ahead(high)
    found.append((since, end, offset))
    return found


def struck(walls, spans):
    """Instants of a beat: whenever a time is shown, and in a gap when it would have been."""
    found, before = set(), None
    for since, until, offset in spans:
        if before is not None and since + before < since + offset:
            found.update(wall - before for wall in cut(walls, since + before, since + offset))
        found.update(wall - offset for wall in cut(walls, since + offset, until + offset))
        before = offset
    return sorted(found)


def shown(walls, spans):
    """Instants of times of day: each when the clock first shows it or has passed it. `past` is the furthest the clock has shown."""
    found, past = [], spans[0][0] + spans[0][2]
    for since, until, offset in spans:
        begin, end = since + offset, until + offset
        if begin > past and len(cut(walls, past, begin)) and (not found or found[-1] != since):
            found.append(since)
        for wall in cut(walls, max(past, begin), end):
            if not found or found[-1] != wall - offset:
                found.append(wall - offset)
        past = max(past, end)
    return found


def cut(walls, begin, end):
    return walls[bisect_left(walls, begin):bisect_left(walls, end)]


UNITS = {"s": 1, "m": 60, "h": 3600, "d": DAY, "w": 7 * DAY}


def every(period, begin, end):
    if period.endswith("mo"):
        months = int(period[:-2])
        dates = [divmod(index, 12) for index in range(0, 12 * 200) if index % months == 0]
        return [calendar.timegm((1970 + year, month + 1, 1, 0, 0, 0)) for year, month in dates]
    length = int(period[:-1]) * UNITS[period[-1]]
    return list(range(begin // length * length, end + 1, length))


def main():
    asked = json.load(sys.stdin)
    begin, end = asked["from"], asked["to"]
    zones, schedules = asked["zones"], asked["schedules"]
    if "list" in asked:
        zones, schedules = [asked["list"][0]], [asked["list"][1]]
    spans = {zone: stretches(zone, begin - MARGIN, end + MARGIN) for zone in zones}
    for schedule in schedules:
        cron = None if schedule.startswith("every ") else Cron(schedule)
        walls = cron and cron.walls(begin - 2 * MARGIN, end + 2 * MARGIN)
        for zone in zones:
            if cron is None:
                instants = every(schedule.split(" ")[1], begin, end)
            else:
                instants = (struck if cron.beat else shown)(walls, spans[zone])
            instants = [at for at in instants if begin < at <= end]
            if "list" in asked:
                print("\n".join(map(str, instants)))
                continue
            data = array("q", instants)
            if sys.byteorder == "big":
                data.byteswap()
            print(len(instants), hashlib.sha256(data.tobytes()).hexdigest(), zone, schedule)


main()
