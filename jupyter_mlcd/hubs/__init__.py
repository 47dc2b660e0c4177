"""Hubs: GitHub, GitLab and Azure DevOps, where people say yes to changes and read of them."""
