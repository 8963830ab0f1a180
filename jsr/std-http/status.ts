/**
 * HTTP status codes and reason phrases by name, after the IANA HTTP Status Code Registry.
 * @module
 */

const REGISTRY = {
  Continue: [100, "Continue"],
  SwitchingProtocols: [101, "Switching Protocols"],
  Processing: [102, "Processing"],
  EarlyHints: [103, "Early Hints"],
  OK: [200, "OK"],
  Created: [201, "Created"],
  Accepted: [202, "Accepted"],
  NonAuthoritativeInfo: [203, "Non Authoritative Info"],
  NoContent: [204, "No Content"],
  ResetContent: [205, "Reset Content"],
  PartialContent: [206, "Partial Content"],
  MultiStatus: [207, "Multi Status"],
  AlreadyReported: [208, "Already Reported"],
  IMUsed: [226, "IM Used"],
  MultipleChoices: [300, "Multiple Choices"],
  MovedPermanently: [301, "Moved Permanently"],
  Found: [302, "Found"],
  SeeOther: [303, "See Other"],
  NotModified: [304, "Not Modified"],
  UseProxy: [305, "Use Proxy"],
  TemporaryRedirect: [307, "Temporary Redirect"],
  PermanentRedirect: [308, "Permanent Redirect"],
  BadRequest: [400, "Bad Request"],
  Unauthorized: [401, "Unauthorized"],
  PaymentRequired: [402, "Payment Required"],
  Forbidden: [403, "Forbidden"],
  NotFound: [404, "Not Found"],
  MethodNotAllowed: [405, "Method Not Allowed"],
  NotAcceptable: [406, "Not Acceptable"],
  ProxyAuthRequired: [407, "Proxy Auth Required"],
  RequestTimeout: [408, "Request Timeout"],
  Conflict: [409, "Conflict"],
  Gone: [410, "Gone"],
  LengthRequired: [411, "Length Required"],
  PreconditionFailed: [412, "Precondition Failed"],
  ContentTooLarge: [413, "Content Too Large"],
  URITooLong: [414, "URI Too Long"],
  UnsupportedMediaType: [415, "Unsupported Media Type"],
  RangeNotSatisfiable: [416, "Range Not Satisfiable"],
  ExpectationFailed: [417, "Expectation Failed"],
  Teapot: [418, "I'm a teapot"],
  MisdirectedRequest: [421, "Misdirected Request"],
  UnprocessableEntity: [422, "Unprocessable Entity"],
  Locked: [423, "Locked"],
  FailedDependency: [424, "Failed Dependency"],
  TooEarly: [425, "Too Early"],
  UpgradeRequired: [426, "Upgrade Required"],
  PreconditionRequired: [428, "Precondition Required"],
  TooManyRequests: [429, "Too Many Requests"],
  RequestHeaderFieldsTooLarge: [431, "Request Header Fields Too Large"],
  UnavailableForLegalReasons: [451, "Unavailable For Legal Reasons"],
  InternalServerError: [500, "Internal Server Error"],
  NotImplemented: [501, "Not Implemented"],
  BadGateway: [502, "Bad Gateway"],
  ServiceUnavailable: [503, "Service Unavailable"],
  GatewayTimeout: [504, "Gateway Timeout"],
  HTTPVersionNotSupported: [505, "HTTP Version Not Supported"],
  VariantAlsoNegotiates: [506, "Variant Also Negotiates"],
  InsufficientStorage: [507, "Insufficient Storage"],
  LoopDetected: [508, "Loop Detected"],
  NotExtended: [510, "Not Extended"],
  NetworkAuthenticationRequired: [511, "Network Authentication Required"],
} as const;

type Registry = typeof REGISTRY;
type Codes = { readonly [Name in keyof Registry]: Registry[Name][0] };
type Texts = {
  readonly [Name in keyof Registry as Registry[Name][0]]: Registry[Name][1];
};

/** Status code by name: `STATUS_CODE.NotFound` is 404. */
export const STATUS_CODE: Codes = Object.fromEntries(
  Object.entries(REGISTRY).map(([name, [code]]) => [name, code]),
) as Codes;

/** Reason phrase by code: `STATUS_TEXT[404]` is "Not Found". */
export const STATUS_TEXT: Texts = Object.fromEntries(
  Object.values(REGISTRY),
) as Texts;

/** A registered status code. */
export type StatusCode = Codes[keyof Codes];
/** A reason phrase. */
export type StatusText = Texts[keyof Texts];

type InClass<Code extends StatusCode, Digit extends string> = Code extends unknown
  ? `${Code}` extends `${Digit}${string}` ? Code : never
  : never;

/** A registered 1xx code. */
export type InformationalStatus = InClass<StatusCode, "1">;
/** A registered 2xx code. */
export type SuccessfulStatus = InClass<StatusCode, "2">;
/** A registered 3xx code that points elsewhere, which 304 doesn't. */
export type RedirectStatus = Exclude<InClass<StatusCode, "3">, 304>;
/** A registered 4xx code. */
export type ClientErrorStatus = InClass<StatusCode, "4">;
/** A registered 5xx code. */
export type ServerErrorStatus = InClass<StatusCode, "5">;
/** A registered 4xx or 5xx code. */
export type ErrorStatus = ClientErrorStatus | ServerErrorStatus;

/** Tells whether `status` is a registered status code. */
export function isStatus(status: number): status is StatusCode {
  return Object.hasOwn(STATUS_TEXT, status);
}

/** Tells whether `status` is a registered 1xx code. */
export function isInformationalStatus(
  status: number,
): status is InformationalStatus {
  return isOfClass(status, 1);
}

/** Tells whether `status` is a registered 2xx code. */
export function isSuccessfulStatus(status: number): status is SuccessfulStatus {
  return isOfClass(status, 2);
}

/** Tells whether `status` is a registered 3xx code. */
export function isRedirectStatus(status: number): status is RedirectStatus {
  return isOfClass(status, 3);
}

/** Tells whether `status` is a registered 4xx code. */
export function isClientErrorStatus(
  status: number,
): status is ClientErrorStatus {
  return isOfClass(status, 4);
}

/** Tells whether `status` is a registered 5xx code. */
export function isServerErrorStatus(
  status: number,
): status is ServerErrorStatus {
  return isOfClass(status, 5);
}

/** Tells whether `status` is a registered 4xx or 5xx code. */
export function isErrorStatus(status: number): status is ErrorStatus {
  return isClientErrorStatus(status) || isServerErrorStatus(status);
}

function isOfClass(status: number, digit: number): boolean {
  return isStatus(status) && Math.trunc(status / 100) === digit;
}
