// The settings of this site: the only file that differs between environments. Edit, commit and push it,
// or replace it on a finished build. With no pool named here, `npm start` uses the local user pool.
window._config = {
  cognito: {
    userPoolId: '', // for example us-east-1_AbCdEf123
    userPoolClientId: '', // for example 1h57kf5cpq17m0eml12EXAMPLE
    region: '', // for example us-east-1
  },
  api: {
    invokeUrl: '', // for example https://abcde12345.execute-api.us-east-1.amazonaws.com/prod
  },
}
