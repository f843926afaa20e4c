using System.Collections.Immutable;
using System.Reflection;

namespace OpenPresence.Server.Settings;

/// <summary>A setting: a property, and its name in each of the three places where it can be given.</summary>
public sealed class Setting
{
    public const string EnvironmentPrefix = "OPENPRESENCE_";

    private Setting(PropertyInfo property, SettingAttribute attribute)
    {
        Property = property;
        Attribute = attribute;
        Name = NameOf(property);
        Option = "--" + Words('-');
        Variable = EnvironmentPrefix + Words('_').ToUpperInvariant();
        IsList = property.PropertyType == typeof(ImmutableArray<string>);
        ValueType = IsList
            ? typeof(string)
            : Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
    }

    /// <summary>All of them, in the order of <see cref="ServerOptions"/>.</summary>
    public static ImmutableArray<Setting> All { get; } =
    [
        .. from property in typeof(ServerOptions).GetProperties()
        let attribute = property.GetCustomAttribute<SettingAttribute>()
        where attribute is not null
        select new Setting(property, attribute),
    ];

    public PropertyInfo Property { get; }

    public SettingAttribute Attribute { get; }

    /// <summary>In the settings file: <c>httpPort</c>.</summary>
    public string Name { get; }

    /// <summary>On the command line: <c>--http-port</c>.</summary>
    public string Option { get; }

    /// <summary>In the environment: <c>OPENPRESENCE_HTTP_PORT</c>.</summary>
    public string Variable { get; }

    /// <summary>Whether it takes several values: repeated or with commas between.</summary>
    public bool IsList { get; }

    /// <summary>The type of a value, of each value of a list.</summary>
    public Type ValueType { get; }

    /// <summary>The name of a property in the settings file.</summary>
    internal static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<SettingAttribute>()?.Name
        ?? char.ToLowerInvariant(property.Name[0]) + property.Name[1..];

    private string Words(char between) =>
        string.Concat(Name.Select(c => char.IsUpper(c) ? $"{between}{char.ToLowerInvariant(c)}" : $"{c}"));
}
