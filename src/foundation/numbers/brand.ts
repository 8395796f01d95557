declare const brand: unique symbol;

/**
 * A value of which the compiler knows what kind it is: it serves as a `Value`, and no other `Value` serves as it. There is nothing of
 * it at run time.
 */
export type Brand<Value, Kind extends string> = Value & { readonly [brand]: Kind };
