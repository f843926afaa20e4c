namespace OpenPresence.Server.Contracts;

/// <summary>
/// Why a request is refused: the caller's doing, never ours. A closed set; each member has one row in
/// <c>RefusalTable.cs</c>, where it becomes a status, a Graph code and a message.
/// </summary>
public enum RefusalKind : byte
{
    // 401
    TokenMissing,
    TokenMalformed,
    TokenExpired,
    TokenNotYetValid,
    TokenRejected,

    // 403
    PermissionMissing,
    DirectoryPermissionMissing,
    MailboxPermissionMissing,
    PersonalAccount,
    OtherUser,

    LimitReached,
    ControlForbidden,
    SubscriptionQuotaReached,
    SubscriptionForbidden,

    // 400
    InvalidVersion,
    MeNeedsDelegatedToken,
    BadRequest,
    InvalidArgument,
    InvalidRequest,
    PayloadUnreadable,
    ExpirationTooLate,
    PropertyValueInvalid,
    ReceiverNotValidated,
    WatchedPersonUnknown,
    WatchedPersonUnknownToGraph,
    UnknownSegment,
    BatchTooLong,
    UnsupportedQuery,
    CountUnsupported,

    // the others
    UserNotFound,
    ImageNotFound,
    SessionNotFound,
    NotFound,
    SubscriptionNotFound,
    OwnerHasSubscription,
    SameSubscriptionExists,
    MethodNotAllowed,
    LengthRequired,
    UnsupportedMediaType,
    BodyTooLarge,
    Throttled,
    FailedDependency,
    AnswerTooLarge,
    NotInCollection,
    ServiceUnavailable,
    SequenceNotReached,
}

/// <summary>One refusal: its kind, what fills the holes of its message, and what else helps the caller.</summary>
/// <param name="Kind">The row of the table.</param>
/// <param name="Arguments">What fills the holes of the row's message, in order.</param>
public sealed record Refusal(RefusalKind Kind, params string[] Arguments)
{
    /// <summary><c>error.details</c>: what would do instead, each a code and a message.</summary>
    public IReadOnlyList<RefusalDetail> Details { get; init; } = [];

    /// <summary><c>error.target</c>: the member or parameter at fault.</summary>
    public string? Target { get; init; }

    /// <summary>The <c>Retry-After</c> header, in whole seconds; null: none.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The <c>Allow</c> header of a 405; null: none.</summary>
    public string? Allow { get; init; }
}

/// <summary>One entry of <c>error.details</c>.</summary>
/// <param name="Code">A word that a program can match.</param>
/// <param name="Message">A sentence for a person.</param>
public readonly record struct RefusalDetail(string Code, string Message);
