using System.Reflection;

namespace OpenPresence.Server.Settings;

/// <summary>The range that <see cref="SettingAttribute"/> states, enforced and in words.</summary>
internal static class SettingRange
{
    /// <summary>A sentence when the value is out of the property's range; otherwise null.</summary>
    public static string? FaultOf(PropertyInfo property, object value)
    {
        var range = property.GetCustomAttribute<SettingAttribute>();
        if (range is null || value is not (int or long))
        {
            return null;
        }

        var number = Convert.ToInt64(value);
        return number < range.Min || number > range.Max
            ? $"{number} is not between {range.Min:N0} and {range.Max:N0}."
            : null;
    }

    /// <summary>For the help: <c>-1 to 65,535.</c>; empty when everything is allowed.</summary>
    public static string Words(SettingAttribute setting) =>
        setting.Min > long.MinValue ? $"{setting.Min:N0} to {setting.Max:N0}." : "";
}
