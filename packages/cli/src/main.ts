import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { costCommand } from './commands/cost.ts';
import { doctorCommand } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { listCommand } from './commands/list.ts';
import { pretrainCommand } from './commands/pretrain.ts';
import { probeCommand } from './commands/probe.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { verifyCommand } from './commands/verify.ts';
import { exitCodes, exitCodesHelp } from './exit-codes.ts';

/** Tells a person what went wrong, a stack trace only where it is not theirs to mend. Returns the exit code. */
async function printError(error: unknown, commanderText: string): Promise<number> {
  // The help or the version that was asked for is printed already.
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
  // Loaded when it is needed: help and version need nothing.
  const { ExplainedError, shownText } = await import('@attune/base');
  const write = (text: string) => process.stderr.write(shownText(text));
  if (error instanceof CommanderError) {
    write(commanderText);
    return exitCodes.badInput;
  }
  if (error instanceof ExplainedError) {
    write(`${error.message}\n`);
    return exitCodes.badInput;
  }
  const stack = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  write(`${stack}\nThis is an error in attune itself; please report it with the lines above.\n`);
  return exitCodes.unexpected;
}

/**
 * The attune command.
 *
 * @param argv  as in `process.argv`
 * @returns the exit code, see `exitCodes`
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.ok;
  let commanderText = '';
  const program = new Command('attune')
    .description('Compares ways of fine-tuning language models')
    .version(version(), '-v, --version')
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        commanderText += text;
      },
    })
    .showSuggestionAfterError()
    .showHelpAfterError('Run with --help to see what there is.');
  const setExitCode = (code: number) => {
    exitCode = code;
  };
  const commands = [
    runCommand,
    reportCommand,
    verifyCommand,
    listCommand,
    costCommand,
    doctorCommand,
    pretrainCommand,
    probeCommand,
    exportCommand,
  ];
  for (const command of commands) {
    program.addCommand(command(setExitCode).copyInheritedSettings(program));
  }
  program.addHelpText('after', `\nExample:\n  $ attune run experiments/quick.ts\n${exitCodesHelp}`);
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    return printError(error, commanderText);
  }
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
