"""From bytes to the library: reading files, finding their structure, checking, publishing, filling an empty library.

`readers` turn bytes into blocks (hostile formats in a limited child process); `structure` turns blocks into provisions and
`metadata` reads what a document says about itself, both pure; `reading` puts them together into a Draft; `publishing` and
`seeding` write drafts into the library. What comes out for one file: one Draft, or one error that says how to go on.
"""
