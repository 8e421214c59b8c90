/** ONNX Runtime puts what failed, its source file, line and function, and a condition before what helps a reader. */
const preamble = /^(?:.* Status Message: )?\S+\.cc:\d+ .*?(?:\) (?=Failed)| was false\. )/;

/** What a runtime's error message says to a reader, on one line. */
export function runtimesWords(message: string): string {
  return message.trim().replaceAll('\n', ' ').replace(preamble, '');
}
