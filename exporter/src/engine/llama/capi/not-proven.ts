/** What keeps the C API from being used; its message goes on after "because". */
export class NotProven extends Error {}
