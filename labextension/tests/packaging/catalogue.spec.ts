import { describe, expect, test } from 'vitest';

import { catalogue, faults, gathered, messages, messagesOf } from '../../packaging/catalogue.mjs';

// Reading every source takes a while: once, and in no test's time.
const inSources = messages();
const header = { '': catalogue()[''] };

describe('what the sources say', () => {
  test('is found with its plural and its context', () => {
    const source = `
      const one = trans.__('Run of %1', suite);
      const many = trans._n('%1 case', '%1 cases', count);
      const within = <b title={host.trans._p('verb', 'Run')}>{trans.__("It’s said")}</b>;
    `;
    expect(messagesOf('some.tsx', source)).toEqual([
      { key: 'Run of %1', forms: ['Run of %1'] },
      { key: '%1 case', forms: ['%1 case', '%1 cases'] },
      { key: 'verb\u0004Run', forms: ['Run'] },
      { key: 'It’s said', forms: ['It’s said'] }
    ]);
  });

  test('is refused where it is no literal, with its place', () => {
    expect(() => messagesOf('some.ts', 'trans.__("a");\ntrans.__(word);')).toThrow('some.ts:2');
  });

  test('is refused where one text has a plural here and none there', () => {
    const both = messagesOf('some.ts', "trans.__('%1 more', n); trans._n('%1 more', '%1 more', n)");
    expect(() => gathered(both)).toThrow('"%1 more"');
  });
});

describe('a catalogue', () => {
  const said = new Map([
    ['%1 of %2', ['%1 of %2']],
    ['%1 case', ['%1 case', '%1 cases']]
  ]);
  const whole = {
    ...header,
    '%1 of %2': ['von %2 sind es %1'],
    '%1 case': ['%1 Fall', '%1 Fälle']
  };

  test('is whole with every text, in any order of its placeholders', () => {
    expect(faults(said, whole)).toEqual([]);
  });

  test.each([
    ['a text without a translation', { '%1 of %2': [' '] }, 'has no translation'],
    ['a text that nobody says', { Gone: ['Weg'] }, 'nobody says this any more'],
    ['a placeholder that is lost', { '%1 of %2': ['%1 von'] }, 'has other placeholders'],
    ['a plural that is lost', { '%1 case': ['%1 Fall'] }, 'has 1 forms, and the source 2']
  ])('is not whole with %s', (_, change, fault) => {
    expect(faults(said, { ...whole, ...change })).toEqual([expect.stringContaining(fault)]);
  });
});

test('the German catalogue is whole: `npm run words` brings in what is new', () => {
  expect(inSources.size).toBeGreaterThan(300);
  expect(faults(inSources, catalogue())).toEqual([]);
});

test('the German catalogue says whose words these are, as JupyterLab asks for them', () => {
  expect(header['']).toMatchObject({ domain: 'jupyter_mlcd', language: 'de-DE' });
});
