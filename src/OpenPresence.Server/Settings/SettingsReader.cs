using System.Collections.Immutable;
using OpenPresence.Server.Jsonc;

namespace OpenPresence.Server.Settings;

/// <summary>What the three places said, put together.</summary>
/// <param name="Options">The options; only to be used when there are no faults.</param>
/// <param name="Faults">Every fault, each a line that names the setting and says what to change.</param>
/// <param name="Warnings">What is allowed and should be known.</param>
public sealed record SettingsRead(
    ServerOptions Options,
    ImmutableArray<string> Faults,
    ImmutableArray<string> Warnings
);

/// <summary>
/// Puts the options together from the defaults, the settings file, the environment and the command line; each
/// later one wins. All of them are read to the end, and the rules are asked as well, before anything is reported: who
/// starts a server should not have to start it five times to learn of five faults.
/// </summary>
public static class SettingsReader
{
    /// <summary>The name of the settings file, on the command line and in the environment.</summary>
    public const string FileOption = "--settings";

    public const string FileVariable = Setting.EnvironmentPrefix + "SETTINGS";

    /// <summary>Reads everything.</summary>
    /// <param name="commandLine">The values given for each option, by its name with dashes.</param>
    /// <param name="environment">All variables.</param>
    public static SettingsRead Read(
        IReadOnlyDictionary<string, string[]> commandLine,
        IReadOnlyDictionary<string, string> environment
    )
    {
        var options = new ServerOptions();
        var faults = new List<string>();
        var given = new HashSet<string>(StringComparer.Ordinal);
        var faulty = new HashSet<string>(StringComparer.Ordinal);
        var file = commandLine.TryGetValue(FileOption, out var files)
            ? files.LastOrDefault()
            : environment.GetValueOrDefault(FileVariable);
        if (file is not null)
        {
            given.UnionWith(ReadFile(options, file, faults));
        }

        foreach (var setting in Setting.All)
        {
            var isSet = commandLine.TryGetValue(setting.Option, out var values)
                ? ReadTexts(options, setting, setting.Option, values, faults)
                : environment.TryGetValue(setting.Variable, out var text)
                    && ReadTexts(options, setting, setting.Variable, [text], faults);
            if (isSet)
            {
                given.Add(setting.Name);
            }
        }

        faulty.UnionWith(Names.Where(name => faults.Exists(f => IsOf(name, f))));
        if (options.DropIn && !given.Contains("httpsPort"))
        {
            options = options with { HttpsPort = 443 };
        }

        // A rule on a value that could not be read would only repeat the fault in other words.
        faults.AddRange(OptionRules.FaultsOf(options).Where(f => !faulty.Contains(f.Setting)).Select(f => f.Text));
        return new SettingsRead(
            options,
            [.. faults],
            [.. OptionRules.WarningsOf(options), .. UnknownVariables(environment)]
        );
    }

    /// <summary>The settings of all three places, and the sections of the file.</summary>
    private static IEnumerable<string> Names { get; } =
        typeof(ServerOptions).GetProperties().Where(p => p.CanWrite).Select(Setting.NameOf).ToArray();

    private static bool IsOf(string name, string fault) =>
        fault.StartsWith($"{name} (", StringComparison.Ordinal)
        || fault.Contains($": $.{name}: ", StringComparison.Ordinal)
        || fault.Contains($": $.{name}.", StringComparison.Ordinal)
        || fault.Contains($": $.{name}[", StringComparison.Ordinal);

    private static HashSet<string> ReadFile(ServerOptions options, string file, List<string> faults)
    {
        var found = new List<JsoncFault>();
        HashSet<string> given = [];
        try
        {
            if (JsoncDocument.Read(File.ReadAllBytes(file), found) is { } document)
            {
                given = new SettingsBinder(found).Fill(options, document);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add($"settings ({FileOption}): the file {file} cannot be read: {e.Message}");
        }

        faults.AddRange(found.OrderBy(f => f.Position.Line).ThenBy(f => f.Position.Column).Select(f => file + f));
        return given;
    }

    private static bool ReadTexts(
        ServerOptions options,
        Setting setting,
        string source,
        string[] texts,
        List<string> faults
    )
    {
        if (setting.IsList)
        {
            texts =
            [
                .. texts.SelectMany(t =>
                    t.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                ),
            ];
        }

        var values = new List<object>();
        foreach (var text in texts)
        {
            if (!SettingText.TryRead(setting.ValueType, text, out var value, out var fault))
            {
                faults.Add($"{setting.Name} ({source}): the value {fault}.");
                return false;
            }

            if (SettingRange.FaultOf(setting.Property, value) is { } outOfRange)
            {
                faults.Add($"{setting.Name} ({source}): {outOfRange}");
                return false;
            }

            values.Add(value);
        }

        object? read = setting.IsList ? ImmutableArray.CreateRange(values.Cast<string>()) : values.LastOrDefault();
        setting.Property.SetValue(options, read);
        return true;
    }

    // Not a fault: container platforms put variables of their own making beside ours.
    private static IEnumerable<string> UnknownVariables(IReadOnlyDictionary<string, string> environment)
    {
        var known = Setting.All.Select(s => s.Variable).Append(FileVariable).ToArray();
        return from name in environment.Keys.Order(StringComparer.Ordinal)
            where name.StartsWith(Setting.EnvironmentPrefix, StringComparison.Ordinal)
            where !known.Contains(name, StringComparer.Ordinal)
            let near = Nearest.To(name, known)
            select $"{name}: no setting has this variable; it does nothing."
                + (near is null ? "" : $" Did you mean {near}?");
    }
}
