FROM python:3.11-slim
RUN useradd --create-home --uid 10001 kyc
WORKDIR /app
COPY pyproject.toml README.md LICENSE ./
COPY .ci/constraints.txt .ci/constraints.txt
COPY bot bot
COPY handlers handlers
COPY storage storage
COPY templates templates
RUN pip install --no-cache-dir --constraint .ci/constraints.txt '.[readers,screening,postgres,fast]'
USER kyc
ENV KYC_HOME=/home/kyc/var HOST=0.0.0.0
VOLUME /home/kyc/var
EXPOSE 8080
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health', timeout=3)"
CMD ["sh", "-c", "kycbot migrate && exec kycbot run --webhook"]
