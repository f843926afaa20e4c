namespace OpenPresence.Server.State.Directory;

/// <summary>How long a person's attributes may be, in UTF-16 characters: Graph's own limits, but for ids and zones.</summary>
public static class PersonLimits
{
    public const int UserPrincipalNameCharsMax = 256;
    public const int ExternalIdCharsMax = 256;
    public const int DisplayNameCharsMax = 256;

    /// <summary>Of the given name, and of the surname.</summary>
    public const int NameCharsMax = 64;
    public const int JobTitleCharsMax = 128;
    public const int DepartmentCharsMax = 64;
    public const int OfficeLocationCharsMax = 128;
    public const int PhoneCharsMax = 64;
    public const int BusinessPhonesMax = 20;
    public const int LanguageCharsMax = 35;
    public const int TimeZoneCharsMax = 64;
}
