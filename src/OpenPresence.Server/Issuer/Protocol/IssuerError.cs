namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>
/// Why the issuer refuses. A closed set; each member has one row in <see cref="IssuerErrors"/>.
/// </summary>
public enum IssuerError : byte
{
    // The request itself.
    ParameterMissing,
    ParameterRepeated,
    ParameterTooLong,
    RequestMalformed,
    BodyTooLarge,
    WrongContentType,
    WrongMethod,
    GrantUnknown,
    TenantUnknown,
    TenantNotNamed,
    GrantNeedsTenant,

    // The application.
    ClientIdMalformed,
    ApplicationUnknown,
    SecretMissing,
    SecretWrong,
    ClientIsPublic,
    CredentialsAmbiguous,
    AssertionTypeWrong,
    AssertionMalformed,
    AssertionSignature,
    AssertionTime,
    AssertionSubject,
    AssertionAudience,
    AssertionOverused,
    CertificateEnded,

    // What it asks for.
    ScopeMalformed,
    ScopeNotDefault,
    ScopesOfTwoResources,
    ResourceUnknown,
    ConsentMissing,
    ScopeUnknown,
    ResourceParameter,

    // Signing in.
    RedirectMissing,
    RedirectUnknown,
    ResponseTypeUnknown,
    ResponseTypeOff,
    ResponseModeUnknown,
    ResponseModeUnsafe,
    NonceMissing,
    ChallengeMissing,
    ChallengeMalformed,
    ChallengeMethodUnknown,
    PromptUnknown,
    SignInNeeded,
    SignInDeclined,
    SignInOff,
    PersonUnknown,
    PersonDisabled,
    PersonOfAnotherTenant,
    PasswordWrong,
    ForeignForm,
    OriginUnknown,
    OriginNeedsChallenge,

    // Redeeming.
    CodeUnknown,
    CodeEnded,
    CodeRedeemed,
    CodeOfAnotherClient,
    CodeOfAnotherTenant,
    CodeRedirectDiffers,
    VerifierWrong,
    RefreshTokenUnknown,
    RefreshTokenEnded,
    RefreshTokenReused,
    DevicePending,
    DeviceDeclined,
    DeviceCodeUnknown,
    DeviceCodeEnded,
    UserCodeUnknown,
    UserCodesTooMany,
    OnBehalfOfUse,
    OnBehalfOfSignature,
    OnBehalfOfAudience,
    OnBehalfOfTime,
    OnBehalfOfApplication,

    // Bearer tokens of userinfo.
    BearerMissing,
    BearerWrong,

    InstanceUnknown,
    Unavailable,
    Bug,
}
