export function RecordDrawer(_: any){return null}

