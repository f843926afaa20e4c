using System.CommandLine;
using OpenPresence.Server.Cli.Client;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Cli.Commands;

/// <summary>
/// <c>openpresence [serve]</c>: an option for each setting. The options have no types of their own, since
/// their texts are judged where those of the environment and the settings file are.
/// </summary>
public static class ServeCommand
{
    public static Command Build(Func<ServerOptions, CancellationToken, Task<int>> serve, Shell shell)
    {
        var command = new TaughtCommand(
            "serve",
            "Serves until it is told to stop (the default).",
            "# on the usual ports, with the demo tenant",
            "openpresence serve",
            "# on free ports, with people of your own, in a folder of its own",
            "openpresence serve --http-port 0 --https-port 0 --seed people.seed.jsonc --data /tmp/presence",
            "# settings from a file; docs/settings.jsonc shows all of them",
            "openpresence serve --settings settings.jsonc"
        );
        AddTo(command, serve, shell);
        return command;
    }

    /// <summary>Gives a command the options of all settings, and what it does with them.</summary>
    public static void AddTo(Command command, Func<ServerOptions, CancellationToken, Task<int>> serve, Shell shell)
    {
        var file = new Option<string>(SettingsReader.FileOption)
        {
            Description = "The settings file: JSON with comments; docs/settings.jsonc shows it.",
            HelpName = "file",
            Arity = ArgumentArity.ExactlyOne,
        };
        Option[] options = [file, .. Setting.All.Select(OptionOf)];
        Array.ForEach(options, command.Options.Add);
        command.SetAction(
            async (parsed, cancel) =>
            {
                var texts = options
                    .Where(o => parsed.GetResult(o) is { Implicit: false })
                    .ToDictionary(o => o.Name, o => TextsOf(parsed, o), StringComparer.Ordinal);
                var read = SettingsReader.Read(texts, ClientVariables.Without(shell.Environment));
                Report(read, shell.Errors);
                return read.Faults.IsEmpty ? await serve(read.Options, cancel) : ExitCode.BadInput;
            }
        );
    }

    private static string[] TextsOf(ParseResult parsed, Option option) =>
        // A flag without a value is switched on.
        parsed.GetResult(option)!.Tokens
            is { Count: > 0 } tokens
            ? [.. tokens.Select(t => t.Value)]
            : ["true"];

    private static Option OptionOf(Setting setting)
    {
        var isFlag = setting.ValueType == typeof(bool);
        Option option = setting.IsList ? new Option<string[]>(setting.Option) : new Option<string>(setting.Option);
        option.Description = Describe(setting);
        option.HelpName = setting.ValueType.IsEnum
            ? string.Join('|', Enum.GetNames(setting.ValueType).Select(n => n.ToLowerInvariant()))
            : setting.Attribute.Unit ?? (isFlag ? "true|false" : "value");
        option.Arity =
            setting.IsList ? ArgumentArity.OneOrMore
            : isFlag ? ArgumentArity.ZeroOrOne
            : ArgumentArity.ExactlyOne;
        return option;
    }

    private static string Describe(Setting setting)
    {
        var value = setting.Property.GetValue(Defaults) switch
        {
            null or false => "",
            IEnumerable<string> texts => string.Join(", ", texts),
            Enum word => $"{word}".ToLowerInvariant(),
            var other => $"{other}",
        };
        string[] parts =
        [
            setting.Attribute.Summary,
            SettingRange.Words(setting.Attribute),
            value.Length > 0 ? $"[default: {value}]" : "",
        ];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    private static readonly ServerOptions Defaults = new();

    private static void Report(SettingsRead read, TextWriter errors)
    {
        foreach (var warning in read.Warnings)
        {
            errors.WriteLine($"warning: {warning}");
        }

        foreach (var fault in read.Faults)
        {
            errors.WriteLine($"error: {fault}");
        }

        if (!read.Faults.IsEmpty)
        {
            errors.WriteLine($"The server did not start: {read.Faults.Length} fault(s) in its settings.");
        }
    }
}
