import { expect, it } from 'vitest';
import { de } from './de';
import { en } from './en';

const shapeOf = (value: unknown): unknown =>
    Array.isArray(value)
        ? value.length
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
                Object.entries(value)
                    .sort(([a], [b]) => (a < b ? -1 : 1))
                    .map(([key, inner]) => [key, shapeOf(inner)]),
            )
          : typeof value;

it('German has every text of English, of the same kind, and no other', () => {
    expect(shapeOf(de)).toEqual(shapeOf(en));
});

it('no text is empty', () => {
    const texts = [en, de].flatMap((catalogue) => Object.values(catalogue).filter((text) => typeof text === 'string'));
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => !text.trim())).toEqual([]);
});
