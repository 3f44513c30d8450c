// Time zones where this browser and the server do not know the same ones: their tz databases are of different years, or one
// has left the former names out. Zones are told apart by what their clocks have shown.

import { knowsZone } from './zone-rules';

const nearProbes = 48;
const namesMax = 6;
/** Nobody's first guess. */
const remote = /^(Arctic|Antarctica|Etc)\//;

/** Former and present names of one zone, as the tz database has renamed them; browsers go on with the former for years. */
const renamed = [
    ['Africa/Asmera', 'Africa/Asmara'],
    ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['America/Catamarca', 'America/Argentina/Catamarca'],
    ['America/Coral_Harbour', 'America/Atikokan'],
    ['America/Cordoba', 'America/Argentina/Cordoba'],
    ['America/Godthab', 'America/Nuuk'],
    ['America/Indianapolis', 'America/Indiana/Indianapolis'],
    ['America/Jujuy', 'America/Argentina/Jujuy'],
    ['America/Louisville', 'America/Kentucky/Louisville'],
    ['America/Mendoza', 'America/Argentina/Mendoza'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Asia/Katmandu', 'Asia/Kathmandu'],
    ['Asia/Rangoon', 'Asia/Yangon'],
    ['Asia/Saigon', 'Asia/Ho_Chi_Minh'],
    ['Atlantic/Faeroe', 'Atlantic/Faroe'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Pacific/Enderbury', 'Pacific/Kanton'],
    ['Pacific/Ponape', 'Pacific/Pohnpei'],
    ['Pacific/Truk', 'Pacific/Chuuk'],
] as const;

/** The other name of a zone that was renamed. */
const otherName = (zone: string | undefined) => {
    const [former, present] = renamed.find((names) => names.some((name) => name === zone)) ?? [];
    return former === zone ? present : former;
};

/** Every name that this browser knows, and those of renamed zones that it may not list; sorted. */
export function zoneList(): string[] {
    const listed = Intl.supportedValuesOf('timeZone');
    const all = listed
        .flatMap((zone) => [zone, otherName(zone)])
        .filter((zone): zone is string => !!zone && knowsZone(zone));
    return [...new Set(['UTC', ...all.sort()])];
}

/** The instants at which clocks are compared: twice a month this year and the next, then twice a year back to 1970. */
function probes(now: Date): Date[] {
    const year = now.getUTCFullYear();
    const near = Array.from({ length: nearProbes }, (_, half) => Date.UTC(year, half >> 1, half % 2 ? 15 : 1));
    const past = Array.from({ length: 2 * (year - 1970) }, (_, half) =>
        Date.UTC(year - 1 - (half >> 1), (half % 2) * 6),
    );
    return [...near, ...past].map((at) => new Date(at));
}

function formatterOf(zone: string): Intl.DateTimeFormat | undefined {
    try {
        return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
    } catch {
        return undefined;
    }
}

const minutesOf = (sign: string | undefined, hours: string | undefined, minutes: string | undefined) =>
    (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));

/** How far clocks in a zone were ahead of UTC, in minutes. */
function aheadIn(zone: Intl.DateTimeFormat, at: Date): number {
    const shown = zone.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /([+-])(\d+):(\d+)/.exec(shown) ?? [];
    return minutesOf(sign, hours, minutes);
}

/** What a name such as "GMT+3" or "+05:30" says of itself; ahead of UTC, as people and ISO 8601 write it. */
function aheadByName(zone: string | undefined): number | undefined {
    const [said, sign, hours, minutes] = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d\d))?$/.exec(zone ?? '') ?? [];
    return said === undefined ? undefined : minutesOf(sign, hours, minutes);
}

/** The zone that has had one offset for ever, where the tz database has it; it counts westwards. */
function fixedName(ahead: number): string | undefined {
    if (!ahead) return 'UTC';
    return ahead % 60 ? undefined : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead) / 60}`;
}

/** The zones of the country that the browser's locale names, where it knows them. */
function zonesOfLocale(): string[] {
    try {
        const locale = new Intl.Locale(navigator.language) as Intl.Locale & { getTimeZones?: () => string[] };
        return locale.getTimeZones?.() ?? [];
    } catch {
        return [];
    }
}

/** What the browser calls its zone; some say nothing, or what is no zone. */
export const reportedZone = (): string | undefined => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * Names under which a server may know the zone of this browser, the likeliest first: the reported one and its other names,
 * then those whose clocks show the same. Perhaps none; UTC is known everywhere.
 */
export function zoneNames(reported = reportedZone(), now = new Date()): string[] {
    const zone = reported ? formatterOf(reported) : undefined;
    const written = zone?.resolvedOptions().timeZone;
    const area = (written ?? reported ?? '').split('/')[0];
    const ofLocale = zonesOfLocale();
    const at = probes(now);
    const byName = aheadByName(reported);
    const ahead = at.map((one) => byName ?? (zone ? aheadIn(zone, one) : -one.getTimezoneOffset()));
    const fixed = ahead.every((one) => one === ahead[0]) ? fixedName(ahead[0]!) : undefined;

    const alike = Intl.supportedValuesOf('timeZone').flatMap((name) => {
        const other = formatterOf(name);
        const differs = other ? at.findIndex((one, index) => aheadIn(other, one) !== ahead[index]) : 0;
        if (differs >= 0 && differs < nearProbes) return [];
        const agrees = differs < 0 ? at.length : differs;
        const isOf = [ofLocale.includes(name), name.startsWith(`${area}/`), !remote.test(name)];
        return [{ name, rank: [agrees, ...isOf.map(Number)] }];
    });
    alike.sort((a, b) => b.rank.map((one, index) => one - a.rank[index]!).find((one) => one !== 0) ?? 0);
    const names = [reported, written, otherName(reported), otherName(written), fixed];
    for (const { name } of alike) names.push(name, otherName(name));
    return [...new Set(names.filter((name): name is string => !!name))].slice(0, namesMax);
}

/** The zone of this browser, by a name that it can reckon with itself. */
export const browserZone = ((zone) => (zone && knowsZone(zone) ? zone : (zoneNames(zone).find(knowsZone) ?? 'UTC')))(
    reportedZone(),
);
