using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Directory;

/// <summary>
/// A person's attributes, without id and tenant, as bytes: the same in a journal entry, in memory and in a
/// snapshot. The name comes first, so that a lookup compares it in place. A flag says which attributes
/// follow, and spares what can be told from others (a mail address that is the sign-in name, a display
/// name made of the two names). Flags are part of the file formats: append, never renumber.
/// </summary>
internal static class PersonPacking
{
    [Flags]
    private enum Has : uint
    {
        Nothing = 0,
        DisplayNameFromNames = 1 << 0,
        MailIsName = 1 << 1,
        GivenName = 1 << 2,
        Surname = 1 << 3,
        Mail = 1 << 4,
        JobTitle = 1 << 5,
        Department = 1 << 6,
        OfficeLocation = 1 << 7,
        MobilePhone = 1 << 8,
        BusinessPhones = 1 << 9,
        PreferredLanguage = 1 << 10,
        TimeZone = 1 << 11,
        AccountDisabled = 1 << 12,
        ExternalId = 1 << 13,
        Photo = 1 << 14,
        AllKnown = (1 << 15) - 1,
    }

    public static void Write(PackedWriter output, Person person)
    {
        var has = FlagsOf(person);
        output.Text(person.UserPrincipalName);
        output.Number((uint)has);
        WriteIfAny(output, person.ExternalId);
        if (!has.HasFlag(Has.DisplayNameFromNames))
        {
            output.Text(person.DisplayName);
        }

        WriteIfAny(output, person.GivenName);
        WriteIfAny(output, person.Surname);
        WriteIfAny(output, has.HasFlag(Has.MailIsName) ? null : person.Mail);
        WriteIfAny(output, person.JobTitle);
        WriteIfAny(output, person.Department);
        WriteIfAny(output, person.OfficeLocation);
        WriteIfAny(output, person.MobilePhone);
        if (has.HasFlag(Has.BusinessPhones))
        {
            output.Texts(person.BusinessPhones);
        }

        WriteIfAny(output, person.PreferredLanguage);
        WriteIfAny(output, has.HasFlag(Has.TimeZone) ? person.TimeZone : null);
        person.Photo?.Write(output);
    }

    public static Person Read(ref PackedReader input, Guid id, Guid tenantId)
    {
        var name = input.Text();
        var has = (Has)input.Number();
        if ((has & ~Has.AllKnown) != Has.Nothing)
        {
            throw PackedReader.Broken();
        }

        var externalId = ReadIf(ref input, has, Has.ExternalId);
        var displayName = has.HasFlag(Has.DisplayNameFromNames) ? null : input.Text();
        var givenName = ReadIf(ref input, has, Has.GivenName);
        var surname = ReadIf(ref input, has, Has.Surname);
        return new Person(id, tenantId, name, displayName ?? $"{givenName} {surname}")
        {
            ExternalId = externalId,
            GivenName = givenName,
            Surname = surname,
            Mail = has.HasFlag(Has.MailIsName) ? name : ReadIf(ref input, has, Has.Mail),
            JobTitle = ReadIf(ref input, has, Has.JobTitle),
            Department = ReadIf(ref input, has, Has.Department),
            OfficeLocation = ReadIf(ref input, has, Has.OfficeLocation),
            MobilePhone = ReadIf(ref input, has, Has.MobilePhone),
            BusinessPhones = has.HasFlag(Has.BusinessPhones) ? input.Texts() : [],
            PreferredLanguage = ReadIf(ref input, has, Has.PreferredLanguage),
            TimeZone = ReadIf(ref input, has, Has.TimeZone) ?? "UTC",
            AccountEnabled = !has.HasFlag(Has.AccountDisabled),
            Photo = has.HasFlag(Has.Photo) ? PersonPhoto.Read(ref input) : null,
        };
    }

    /// <summary>The external id in place, which is why it stands so far ahead; empty: there is none.</summary>
    public static ReadOnlySpan<byte> ExternalIdIn(ReadOnlySpan<byte> attributes)
    {
        var input = new PackedReader(attributes);
        input.TextBytes();
        var has = (Has)input.Number();
        return has.HasFlag(Has.ExternalId) ? input.TextBytes() : [];
    }

    /// <summary>One text, without unpacking the others.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, PersonText text, out bool isThere)
    {
        var input = new PackedReader(attributes);
        input.TextBytes();
        var has = (Has)input.Number();
        isThere = true;
        if (has.HasFlag(Has.ExternalId))
        {
            input.TextBytes();
        }

        if (!has.HasFlag(Has.DisplayNameFromNames))
        {
            var displayName = input.TextBytes();
            if (text == PersonText.DisplayName)
            {
                return displayName;
            }
        }

        foreach (var (flag, what) in InOrder)
        {
            if (!has.HasFlag(flag))
            {
                continue;
            }

            if (flag == Has.BusinessPhones)
            {
                input.Texts();
                continue;
            }

            var found = input.TextBytes();
            if (what == text)
            {
                return found;
            }
        }

        isThere = false;
        return default;
    }

    /// <summary>Whether the mail address is not written, because it is the name.</summary>
    public static bool IsMailTheName(ReadOnlySpan<byte> attributes) => Flags(attributes).HasFlag(Has.MailIsName);

    public static bool IsAccountEnabled(ReadOnlySpan<byte> attributes) =>
        !Flags(attributes).HasFlag(Has.AccountDisabled);

    public static bool HasPhoto(ReadOnlySpan<byte> attributes) => Flags(attributes).HasFlag(Has.Photo);

    /// <summary>The texts after the display name, in the order in which they are written.</summary>
    private static readonly (Has Flag, PersonText? Text)[] InOrder =
    [
        (Has.GivenName, PersonText.GivenName),
        (Has.Surname, PersonText.Surname),
        (Has.Mail, PersonText.Mail),
        (Has.JobTitle, PersonText.JobTitle),
        (Has.Department, PersonText.Department),
        (Has.OfficeLocation, PersonText.OfficeLocation),
        (Has.MobilePhone, PersonText.MobilePhone),
        (Has.BusinessPhones, null),
        (Has.PreferredLanguage, PersonText.PreferredLanguage),
    ];

    private static Has Flags(ReadOnlySpan<byte> attributes)
    {
        var input = new PackedReader(attributes);
        input.TextBytes();
        return (Has)input.Number();
    }

    private static Has FlagsOf(Person person)
    {
        static Has If(bool condition, Has flag) => condition ? flag : Has.Nothing;
        var mailIsName = string.Equals(person.Mail, person.UserPrincipalName, StringComparison.Ordinal);
        return If(IsDisplayNameFromNames(person), Has.DisplayNameFromNames)
            | If(mailIsName, Has.MailIsName)
            | If(person.GivenName is not null, Has.GivenName)
            | If(person.Surname is not null, Has.Surname)
            | If(person.Mail is not null && !mailIsName, Has.Mail)
            | If(person.JobTitle is not null, Has.JobTitle)
            | If(person.Department is not null, Has.Department)
            | If(person.OfficeLocation is not null, Has.OfficeLocation)
            | If(person.MobilePhone is not null, Has.MobilePhone)
            | If(!person.BusinessPhones.IsEmpty, Has.BusinessPhones)
            | If(person.PreferredLanguage is not null, Has.PreferredLanguage)
            | If(person.TimeZone != "UTC", Has.TimeZone)
            | If(!person.AccountEnabled, Has.AccountDisabled)
            | If(person.ExternalId is not null, Has.ExternalId)
            | If(person.Photo is not null, Has.Photo);
    }

    private static bool IsDisplayNameFromNames(Person person) =>
        person is { GivenName: { } givenName, Surname: { } surname, DisplayName: var display }
        && display.Length == givenName.Length + 1 + surname.Length
        && display.StartsWith(givenName, StringComparison.Ordinal)
        && display[givenName.Length] == ' '
        && display.EndsWith(surname, StringComparison.Ordinal);

    private static void WriteIfAny(PackedWriter output, string? text)
    {
        if (text is not null)
        {
            output.Text(text);
        }
    }

    private static string? ReadIf(ref PackedReader input, Has has, Has flag) => has.HasFlag(flag) ? input.Text() : null;
}
