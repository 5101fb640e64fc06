/* A library for another TensorFlow: it asks for functions that this one does not have. */
void TF_FunctionOfTomorrow(void);
void TF_FunctionOfTheDayAfter(void);

void use(void) {
    TF_FunctionOfTomorrow();
    TF_FunctionOfTheDayAfter();
}
