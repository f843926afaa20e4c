// Presence with the Microsoft Graph SDK for Go: what Graph's presence pages show, then each other operation once. One
// PASS or FAIL a check; the status is 1 when one failed. It wants the demo tenant, and leaves it as it was.
//
//	GRAPH_URL      https://localhost:5443   the server: Graph under /v1.0, tokens from the same origin
//	THROTTLED_URL                           a second one, started with a low --throttle-limit; without it that check is skipped
//	SIGN_IN                                 a program that signs a person in: SIGN_IN URL CODE; without it a person does
//	SSL_CERT_FILE                           the server's authority, data/tls/ca.pem
package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	msgraphsdk "github.com/microsoftgraph/msgraph-sdk-go"
	msgraphcore "github.com/microsoftgraph/msgraph-sdk-go-core"
	graphauth "github.com/microsoftgraph/msgraph-sdk-go-core/authentication"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"
)

// The demo tenant. Mara, Jonas and Priya are the people of the examples in Graph's documentation. Viktor signs in.
const (
	tenant       = "aaaabbbb-0000-cccc-1111-dddd2222eeee"
	application  = "00001111-aaaa-2222-bbbb-3333cccc4444"
	secret       = "demo-secret"
	publicClient = "11112222-bbbb-3333-cccc-4444dddd5555"

	mara   = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3"
	jonas  = "66825e03-7ef5-42da-9069-724602c31f6b"
	priya  = "dc74d9bb-6afe-433d-8eaa-e39d80d3a647"
	viktor = "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88"
	nobody = "00000000-0000-4000-8000-000000000000"

	checkTimeMax  = 90 * time.Second
	signInTimeMax = time.Minute
)

var (
	graphURL     = or(os.Getenv("GRAPH_URL"), "https://localhost:5443")
	throttledURL = os.Getenv("THROTTLED_URL")
	scopes       = []string{"https://graph.microsoft.com/.default"}

	app, person *msgraphsdk.GraphServiceClient

	errSkipped  = errors.New("skipped")
	odataErrors = abstractions.ErrorMappings{"XXX": odataerrors.CreateODataErrorFromDiscriminatorValue}
)

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// graphAt sets the address of the adapter before the client is made, which copies it for batches.
func graphAt(address string, credential azcore.TokenCredential, allowedHosts ...string) (*msgraphsdk.GraphServiceClient, error) {
	provider, err := graphauth.NewAzureIdentityAuthenticationProviderWithScopesAndValidHosts(
		credential, scopes, allowedHosts)
	if err != nil {
		return nil, err
	}
	adapter, err := msgraphsdk.NewGraphRequestAdapter(provider)
	if err != nil {
		return nil, err
	}
	adapter.SetBaseUrl(address + "/v1.0")
	return msgraphsdk.NewGraphServiceClient(adapter), nil
}

func azureAt(address string) azcore.ClientOptions {
	return azcore.ClientOptions{Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: address}}
}

func applicationAt(address string) (*azidentity.ClientSecretCredential, error) {
	return azidentity.NewClientSecretCredential(tenant, application, secret, &azidentity.ClientSecretCredentialOptions{
		ClientOptions: azureAt(address), DisableInstanceDiscovery: true})
}

func signIn(ctx context.Context, code azidentity.DeviceCodeMessage) error {
	program := os.Getenv("SIGN_IN")
	if program == "" {
		fmt.Fprintln(os.Stderr, code.Message, "Choose Viktor Novák.")
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, signInTimeMax)
	defer cancel()
	browser := exec.CommandContext(ctx, program, code.VerificationURL, code.UserCode)
	browser.Stderr = os.Stderr
	return browser.Run()
}

func connect() error {
	address, err := url.Parse(graphURL)
	if err != nil {
		return err
	}
	credential, err := applicationAt(graphURL)
	if err != nil {
		return err
	}
	if app, err = graphAt(graphURL, credential, address.Hostname()); err != nil {
		return err
	}
	byCode, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: azureAt(graphURL), DisableInstanceDiscovery: true,
		TenantID: tenant, ClientID: publicClient, UserPrompt: signIn})
	if err != nil {
		return err
	}
	if person, err = graphAt(graphURL, byCode, address.Hostname()); err != nil {
		return err
	}
	return msgraphcore.RegisterError(msgraphcore.BatchRequestErrorRegistryKey, abstractions.ErrorMappings{
		"4XX": odataErrors["XXX"], "5XX": odataErrors["XXX"]})
}

// to is a pointer to a value, which the models of the SDK want everywhere.
func to[T any](value T) *T { return &value }

// text is a string of a model, or "(nil)".
func text(value *string) string {
	if value == nil {
		return "(nil)"
	}
	return *value
}

func holds(condition bool, otherwise string, values ...any) error {
	if condition {
		return nil
	}
	return fmt.Errorf(otherwise, values...)
}

// asOData is the error that the server sent, or says what came instead.
func asOData(err error) (*odataerrors.ODataError, error) {
	var sent *odataerrors.ODataError
	if errors.As(err, &sent) && sent.GetErrorEscaped() != nil {
		return sent, nil
	}
	return nil, fmt.Errorf("no error of the server: %v", err)
}

// refused expects an error of the server with a status, and with a code unless that is empty.
func refused(err error, status int, code string) error {
	sent, wrong := asOData(err)
	if wrong != nil {
		return wrong
	}
	got := text(sent.GetErrorEscaped().GetCode())
	return holds(sent.GetStatusCode() == status && (code == "" || got == code),
		"%d %s instead of %d %s", sent.GetStatusCode(), got, status, code)
}

func run(check func(context.Context) error) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeMax)
	defer cancel()
	// A nil in an answer is a failure of this check, not the end of the program.
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v", fault)
		}
	}()
	return check(ctx)
}

func main() {
	checks := []struct {
		name  string
		check func(context.Context) error
	}{
		{"the presence of a person", aPresence},
		{"the presence of the person who signed in", ownPresence},
		{"the presence of several people", severalPresences},
		{"all presences, page by page", allPresences},
		{"setPresence and clearPresence", sessions},
		{"setUserPreferredPresence and clearUserPreferredPresence", preferredPresence},
		{"setStatusMessage", statusMessage},
		{"work locations", workLocation},
		{"people by pages, $filter, $search, $count", people},
		{"a person, the people around, the manager, the organization", onePerson},
		{"photos", photo},
		{"automatic replies", automaticReplies},
		{"a subscription and its notification", subscribed},
		{"a notification with presence is opened, and its token confirmed", presenceInANotification},
		{"a batch", batch},
		{"errors as the SDK shows them", asShown},
		{"a host that is not allowed gets no token, and the 401 says so", hostNotAllowed},
		{"429 and Retry-After", throttled},
	}
	if err := connect(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	failed := 0
	for _, one := range checks {
		switch err := run(one.check); {
		case err == nil:
			fmt.Println("PASS", one.name)
		case errors.Is(err, errSkipped):
			fmt.Printf("SKIP %s: %v\n", one.name, err)
		default:
			failed++
			fmt.Printf("FAIL %s: %s\n", one.name, strings.Join(strings.Fields(err.Error()), " "))
		}
	}
	if failed > 0 {
		os.Exit(1)
	}
}
