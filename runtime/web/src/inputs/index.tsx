// The large inputs, which come after the page that they are on: lists and dashboards show much and ask for little.
import { type ComponentType, Suspense, use } from 'react';
import type * as Antd from './antd';
import { untilLoaded } from './untilLoaded';

type Inputs = typeof Antd;

const kept: { inputs?: Inputs; coming?: Promise<Inputs> } = {};

/** Loads the inputs, once. */
export function fetchInputs(): Promise<Inputs> {
  kept.coming ??= untilLoaded(async () => {
    kept.inputs = await import('./antd');
    return kept.inputs;
  });
  return kept.coming;
}

/** Loads them while the browser has nothing else to do, so that they are there when somebody begins to type. */
export function fetchInputsWhenIdle(): void {
  const fetch = () => void fetchInputs();
  if ('requestIdleCallback' in window) requestIdleCallback(fetch);
  else setTimeout(fetch, 1_000);
}

const Place = () => (
  <span className="input-coming late">
    <span className="skeleton" />
  </span>
);

/** Stands for an input: itself once it is loaded, until then the place where it will be. */
function coming<Name extends keyof Inputs>(name: Name): Inputs[Name] {
  function Loaded(props: object) {
    const Input = (kept.inputs ?? use(fetchInputs()))[name] as ComponentType<object>;
    return <Input {...props} />;
  }
  function Coming(props: object) {
    return (
      <Suspense fallback={<Place />}>
        <Loaded {...props} />
      </Suspense>
    );
  }
  return Coming as unknown as Inputs[Name];
}

export const Cascader = coming('Cascader');
export const DatePicker = coming('DatePicker');
export const Input = coming('Input');
export const InputNumber = coming('InputNumber');
export const Mentions = coming('Mentions');
export const Select = coming('Select');
export const Switch = coming('Switch');
