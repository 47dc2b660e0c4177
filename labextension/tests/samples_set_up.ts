/** Believable answers about parameters and set-up; each test changes only what it is about. */
import type {
  FoundNotebook,
  ParameterForm,
  SetUpChoices,
  SetUpDone,
  SetUpPreview,
  SetUpProposal
} from '../src/api/types';
import { minutesAgo } from './samples';

export function aForm(part: Partial<ParameterForm> = {}): ParameterForm {
  return {
    notebook: 'train.ipynb',
    schema: {
      type: 'object',
      properties: {
        C: { type: 'number', default: 1, description: 'regularisation', 'x-words': 'a number' },
        depth: { anyOf: [{ type: 'integer' }, { type: 'null' }], default: null },
        kernel: { enum: ['rbf', 'linear'], default: 'rbf' },
        shuffle: { type: 'boolean', default: true },
        since: { type: 'string', format: 'date', default: '2026-01-31' },
        layers: { type: 'array', items: { type: 'integer' }, default: [64, 32] }
      },
      required: []
    },
    given: {},
    matrix: {},
    last: {},
    last_at: minutesAgo(30),
    remarks: [],
    problem: null,
    ...part
  };
}

export function aFoundNotebook(part: Partial<FoundNotebook> = {}): FoundNotebook {
  return {
    path: 'train.ipynb',
    kernel: 'python3',
    kernel_here: true,
    language: 'python',
    parameters: ['C'],
    writes: ['model.joblib'],
    reads: ['clean.csv'],
    records: ['accuracy'],
    after: ['prepare.ipynb'],
    seconds: 9.1,
    tracked: true,
    against: '',
    ...part
  };
}

const PREPARE = aFoundNotebook({
  path: 'prepare.ipynb',
  parameters: [],
  writes: ['clean.csv'],
  reads: [],
  records: [],
  after: [],
  seconds: null
});
const OLD = aFoundNotebook({
  path: 'old/first_try.ipynb',
  kernel: 'conda-tf1',
  kernel_here: false,
  writes: [],
  after: [],
  against: 'the kernel conda-tf1 is not installed here'
});

export const CHOICES: SetUpChoices = {
  name: 'digits',
  notebooks: ['prepare.ipynb', 'train.ipynb'],
  in_order: false,
  model: 'train.ipynb',
  file: 'model.joblib',
  remote: '',
  folder: 'releases/production'
};

export const PREVIEW: SetUpPreview = {
  text: '[project]\nname = "digits"\n',
  files: ['mlcd.toml', 'train.ipynb'],
  message: 'Say what is tested and where versions go',
  commands: ["cat > mlcd.toml <<'END'\n...\nEND", 'git add --all -- mlcd.toml'],
  remarks: [],
  problem: null
};

export function aProposal(part: Partial<SetUpProposal> = {}): SetUpProposal {
  return {
    notebooks: [PREPARE, aFoundNotebook(), OLD],
    remotes: [
      { name: 'origin', url: 'https://dev.azure.com/contoso/digits', system: 'Azure DevOps' }
    ],
    choices: CHOICES,
    preview: PREVIEW,
    ...part
  };
}

export const DONE: SetUpDone = {
  file: 'mlcd.toml',
  text: PREVIEW.text,
  files: ['mlcd.toml'],
  commit: '8d01b7a'.padEnd(40, '0'),
  subject: PREVIEW.message,
  said: '',
  commands: PREVIEW.commands
};
