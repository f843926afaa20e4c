namespace OpenPresence.Server.Settings;

/// <summary>
/// Makes a property of <see cref="ServerOptions"/> a setting of the command line, the environment and the
/// settings file, and says what help and faults say about it. The default is the property's own.
/// </summary>
/// <param name="summary">One sentence, for the help.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string summary) : Attribute
{
    public string Summary { get; } = summary;

    /// <summary>Its name in the settings file; null: the property's, beginning small.</summary>
    public string? Name { get; init; }

    /// <summary>The least number that is allowed.</summary>
    public long Min { get; init; } = long.MinValue;

    /// <summary>The greatest number that is allowed.</summary>
    public long Max { get; init; } = long.MaxValue;

    /// <summary>What the value counts or names, for the help: <c>port</c>, <c>file</c>.</summary>
    public string? Unit { get; init; }
}
