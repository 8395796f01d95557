/**
 * A value of which the compiler knows what kind it is: it serves as a `Value`, and no other `Value` serves as it. The property is of
 * the type alone: there is nothing of it at run time.
 */
export type Brand<Value, Kind extends string> = Value & { readonly '~kind': Kind };
