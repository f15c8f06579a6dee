// What the inputs are that fields are edited with. It is large, and nothing that only shows values needs it: it is
// loaded by index.tsx alone.
export { Cascader, DatePicker, Input, InputNumber, Mentions, Select, Switch } from 'antd';
