import { expect, test } from 'vitest';

import { caseName, scoreName, scoreWords, variedWords, withNames } from '../../src/views/names';
import { aCase } from '../samples';

test('a case is called by its notebook and its parameters', () => {
  expect(caseName(aCase({ parameters: { gamma: 0.01, seed: 2 } }))).toBe(
    'train.ipynb, gamma 0.01, seed 2'
  );
});

test('what varied is shown with its value', () => {
  expect(variedWords(aCase())).toBe('seed=1');
});

test.each([
  [
    '4 of 6 cases passed; train.ipynb[gamma=0.01,seed=2]: cell 3: stdout differs',
    '4 of 6 cases passed; train.ipynb, gamma 0.01, seed 2: cell 3: stdout differs'
  ],
  ['a/b.ipynb[kernel="rbf, [x]=1"] did not pass', 'a/b.ipynb, kernel rbf, [x]=1 did not pass'],
  ['b.ipynb[layers=[1, 2],o={"a": [3]}]', 'b.ipynb, layers [1,2], o {"a":[3]}'],
  ['t.ipynb[a="\\"]"], t.ipynb[a=null]', 't.ipynb, a "], t.ipynb, a null'],
  ['accuracy[segment="young"] is at least 0.9', 'accuracy, segment young is at least 0.9']
])('the ids in "%s" become names', (text, words) => {
  expect(withNames(text)).toBe(words);
});

test.each([
  'KeyError: frame[0]',
  'x[1:2] and y["a"]',
  'train.ipynb[seed=',
  'train.ipynb[seed=oops]',
  'a list: [seed=1]',
  'nothing of the kind'
])('"%s" stays as it is', text => {
  expect(withNames(text)).toBe(text);
});

test('the score of a slice has the name of the score and of the slice', () => {
  expect(scoreName('accuracy[segment="young",year=2024]')).toEqual({
    name: 'accuracy',
    slice: 'segment young, year 2024'
  });
});

test('a score with another kind of bracket has no slice', () => {
  expect(scoreName('recall[3]')).toEqual({ name: 'recall[3]', slice: '' });
});

test('a score alone is called with its slice', () => {
  expect(scoreWords('accuracy[segment="young"]')).toBe('accuracy, segment young');
});
