"""What a start needs: the command line, the services and the secret of the cookies."""
